import { describe, expect, it } from 'vitest';
import { type Bucket, bucketsOf, totalOf } from '../../console/activity/buckets.ts';
import { compareLines } from '../../console/allowTools/compareLines.ts';
import { membersOf } from '../../console/allowTools/definitionMembers.ts';
import {
  choiceOf,
  configurationOf,
  countOf,
  defaultClass,
  NOTHING_CHOSEN,
  obstacle,
  wantedOf,
} from '../../console/allowTools/selection.ts';
import { statusesOf } from '../../console/api/serverFacts.ts';
import type { Association, RegisteredService, ServiceTool, TrailEvent } from '../../console/api/types.ts';
import { eventsAsCsv } from '../../console/audit/exportEvents.ts';
import { boundsOf } from '../../console/audit/range.ts';
import { elsewhere, textAt } from '../../console/credentials/placeErrors.ts';
import { pastedCredentials } from '../../console/session/pasted.ts';
import { consentErrors } from '../../console/strings/register.ts';
import { CONSENT_ERRORS } from '../../lib/oauth/consentErrors.ts';

const tool = (name: string, annotations: ServiceTool['annotations'] = {}): ServiceTool => ({
  name,
  annotations,
  fingerprint: '',
});

describe('errors', () => {
  const faults = [
    { path: '/a/scopes/1', message: 'one' },
    { path: '/a/scopes', message: 'two' },
    { path: '/a/scopesOfOthers', message: 'three' },
  ];

  it('are told at the field that their JSON Pointer lies in, and above where none does', () => {
    expect(textAt(faults, '/a/scopes')).toBe('one two');
    expect(textAt(faults, '/a')).toBe('one two three');
    expect(textAt(faults, '/b')).toBeUndefined();
    expect(elsewhere(faults, ['/a/scopes'])).toEqual([faults[2]]);
  });
});

describe('what a consent that failed brings back', () => {
  it('has words for each code there is', () => {
    expect(Object.keys(consentErrors).sort()).toEqual(Object.keys(CONSENT_ERRORS).sort());
  });
});

describe('a server', () => {
  const saidOf = (members: Partial<RegisteredService>) => statusesOf(members as RegisteredService);

  it('that is disabled and known not to work says both', () => {
    expect(saidOf({ state: 'DISABLED', validationStatus: 'invalid' })).toEqual(['disabled', 'invalid']);
    expect(saidOf({ state: 'DISABLED', validationStatus: 'valid' })).toEqual(['disabled']);
    expect(saidOf({ state: 'ENABLED', validationStatus: 'invalid' })).toEqual(['invalid']);
    expect(saidOf({ state: 'ENABLED' })).toEqual(['unknown']);
  });
});

describe('the choice of tools', () => {
  const offered = [tool('a'), tool('b', { readOnlyHint: false }), tool('c', { readOnlyHint: true })];

  it('keeps to what the server offers, and classifies what is allowed alone', () => {
    const choice = {
      all: false,
      selected: ['b', 'gone', 'a'],
      classes: { b: 'READ_ONLY', c: 'MUTATIVE' } as const,
    };
    expect(configurationOf({ serviceType: 'mcpserver' }, choice, offered)).toEqual({
      mcpserver: { tools: ['a', 'b'], toolDetails: [{ name: 'b', toolClassification: 'READ_ONLY' }] },
    });
    const all = configurationOf({ serviceType: 'mcpserversigv4' }, { ...choice, all: true }, offered);
    expect(all.mcpserversigv4?.tools).toEqual(['*']);
    expect(all.mcpserversigv4?.toolDetails).toHaveLength(2);
  });

  it('is read back from an association', () => {
    const configuration = {
      mcpserver: { tools: ['a'], toolDetails: [{ name: 'a', toolClassification: 'DESTRUCTIVE' as const }] },
    };
    const read = choiceOf({ configuration } as Association);
    expect(read).toEqual({ all: false, selected: ['a'], classes: { a: 'DESTRUCTIVE' } });
  });

  it('tells how tools are classified that nobody classified', () => {
    const classes = (all: boolean) => offered.map(one => defaultClass(one, all));
    expect(classes(false)).toEqual(['READ_ONLY', 'MUTATIVE', 'READ_ONLY']);
    expect(classes(true)).toEqual(['MUTATIVE', 'MUTATIVE', 'READ_ONLY']);
  });

  it('leaves out names that agents do not take', () => {
    expect(obstacle('server', tool('x'.repeat(57)))).toBeUndefined();
    expect(obstacle('server', tool('x'.repeat(58)))).toBe('tooLong');
    expect(obstacle('server', tool('a.b'))).toBe('unsupported');
    expect(countOf({ ...NOTHING_CHOSEN, all: true }, 'server', [...offered, tool('a b')])).toBe(3);
  });

  it.each(['mcpserver', 'mcpserversigv4'] as const)(
    'counts with the name of a %s that agents see, whatever its registration is shown under',
    serviceType => {
      const shownAs = (name: string | undefined, ownName: string) =>
        ({
          serviceType,
          ...(name && { name }),
          additionalServiceDetails: { [serviceType]: { name: ownName, endpoint: 'https://mcp.example' } },
        }) as RegisteredService;
      const all = { ...NOTHING_CHOSEN, all: true };
      const longest = tool('x'.repeat(59));
      const letIn = (service: RegisteredService) =>
        wantedOf(service, all, [longest]).expectedFingerprints?.length;
      expect(letIn(shownAs('The weather of the whole world', 'wind'))).toBe(1);
      expect(letIn(shownAs('W', 'winds'))).toBe(0);
      expect(letIn(shownAs(undefined, 'winds'))).toBe(0);
    },
  );
});

describe('a changed definition', () => {
  const text = (pieces: { text: string; changed: boolean }[] | undefined) =>
    pieces?.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('');
  const lines = (before: string[], after: string[]) =>
    compareLines(before, after).map(row => [text(row.before), text(row.after), row.changed]);

  it('is put side by side, with the words that differ', () => {
    expect(lines(['{', 'a b', 'c', '}'], ['{', 'a x', '}', 'd'])).toEqual([
      ['{', '{', false],
      ['a [b]', 'a [x]', true],
      ['[c]', undefined, true],
      ['}', '}', false],
      [undefined, '[d]', true],
    ]);
  });

  it('is told whole where both have too little in common, or a line is long', () => {
    const many = (of: string) => Array.from({ length: 1_500 }, (_, n) => `${of}${n}`);
    const rows = lines(many('a'), many('b'));
    expect(rows).toHaveLength(1_500);
    expect(rows.every(([, , changed]) => changed)).toBe(true);
    const long = 'x '.repeat(3_000);
    expect(lines([long], [`${long}y`])).toEqual([[`[${long}]`, `[${long}y]`, true]]);
  });

  it('is compared member by member; what nobody sees is spelt out, and the order of keys is no change', () => {
    const before = { name: 'echo', description: 'One.\nTwo.', inputSchema: { b: 1, a: [] }, vendor: true };
    const after = { name: 'echo', inputSchema: { a: [], b: 1 }, description: 'One.\nTw\u200bo.' };
    expect(membersOf(before, after)).toEqual([
      { name: 'description', before: ['One.', 'Two.'], after: ['One.', 'Tw\\u{200b}o.'], changed: true },
      { name: 'inputSchema', before: SCHEMA, after: SCHEMA, changed: false },
      { name: 'name', before: ['echo'], after: ['echo'], changed: false },
      { name: 'vendor', before: ['true'], after: [], changed: true },
    ]);
  });
  const SCHEMA = ['{', '  "a": [],', '  "b": 1', '}'];
});

describe('exported events', () => {
  it('hold nothing that a spreadsheet would calculate', () => {
    const record = JSON.stringify({ sourceIPAddress: '192.0.2.1', errorCode: '@SUM(A1)' });
    const event: TrailEvent = {
      EventId: '-1+1',
      EventName: 'a,"b"',
      ReadOnly: 'false',
      EventTime: 0,
      EventSource: '=cmd|calc!A1',
      Username: '+49',
      Resources: [{ ResourceName: 'one' }, { ResourceName: 'two' }],
      CloudTrailEvent: record,
    };
    expect(eventsAsCsv([event]).split('\r\n')[1]).toBe(
      `1970-01-01T00:00:00.000Z,"a,""b""",'-1+1,'+49,,192.0.2.1,'=cmd|calc!A1,one two,'@SUM(A1),false`,
    );
  });

  it('are of the range that was chosen', () => {
    expect(boundsOf({ type: 'relative', amount: 2, unit: 'hour' }, 10_000_500)).toEqual({
      StartTime: 2801,
      EndTime: 10_001,
    });
    const absolute = {
      type: 'absolute',
      startDate: '1970-01-01T00:00:10Z',
      endDate: '1970-01-01T00:00:20Z',
    } as const;
    expect(boundsOf(absolute, 0)).toEqual({ StartTime: 10, EndTime: 20 });
  });
});

describe('activity', () => {
  const HOUR = 3_600_000;
  const at = (hour: number, calls: number, errors: number) => ({
    startTime: new Date(hour * HOUR).toISOString(),
    calls,
    errors,
  });
  const numbers = ({ calls, errors }: Bucket) => [calls, errors];

  it('has every hour of the range; what two pages tell of one hour adds up', () => {
    const counts = [at(9, 1, 1), at(4, 2, 1), at(4, 5, 0), at(2, 2, 1), at(1, 7, 7)];
    const buckets = bucketsOf({ counts, from: 2.2 * HOUR, to: 4.5 * HOUR, period: 'HOUR', isCut: false });
    expect(buckets.map(numbers)).toEqual([
      [2, 1],
      [0, 0],
      [7, 1],
    ]);
    expect(totalOf(buckets)).toEqual({ calls: 9, errors: 2 });
  });

  it('has every day of a long range', () => {
    const counts = [at(48, 3, 0), at(0, 1, 1)];
    const buckets = bucketsOf({ counts, from: HOUR, to: 50 * HOUR, period: 'DAY', isCut: false });
    expect(buckets.map(numbers)).toEqual([
      [1, 1],
      [0, 0],
      [3, 0],
    ]);
  });
});

describe('credentials that were pasted', () => {
  const credentials = {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'se/cr+et==',
    sessionToken: 'IQoJ//+x=',
  };

  it.each([
    [
      'of a shell',
      'export AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\nexport AWS_SECRET_ACCESS_KEY=se/cr+et==\nexport AWS_SESSION_TOKEN=\'IQoJ//+x=\'\n',
    ],
    [
      'of PowerShell',
      '$Env:AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\r\n$Env:AWS_SECRET_ACCESS_KEY="se/cr+et=="\r\n$Env:AWS_SESSION_TOKEN="IQoJ//+x="',
    ],
    [
      'of a credentials file',
      '[default]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = se/cr+et==\naws_session_token = IQoJ//+x=',
    ],
    [
      'of get-session-token',
      '{"Credentials": {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "se/cr+et==", "SessionToken": "IQoJ//+x="}}',
    ],
    [
      'of export-credentials',
      ' {"Version": 1, "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "se/cr+et==", "SessionToken": "IQoJ//+x="}',
    ],
  ])('are read: %s', (_, text) => {
    expect(pastedCredentials(text)).toEqual(credentials);
  });

  it('need no session token, and are nothing in another text', () => {
    expect(pastedCredentials('AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b')).toEqual({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: '',
    });
    for (const text of [
      'ASIAEXAMPLE',
      'export AWS_ACCESS_KEY_ID=a',
      '{',
      '{}',
      '{"Credentials":{"AccessKeyId":1}}',
    ])
      expect(pastedCredentials(text), text).toBeUndefined();
  });
});
