import { describe, expect, it } from 'vitest';
import { bucketsOf } from '../../console/activity/buckets.ts';
import {
  choiceOf,
  configurationOf,
  countOf,
  defaultClass,
  NOTHING_CHOSEN,
  obstacle,
} from '../../console/allowTools/selection.ts';
import { sideBySide } from '../../console/allowTools/sideBySide.ts';
import type { Association, Invocation, ServiceTool, TrailEvent } from '../../console/api/types.ts';
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
});

describe('a changed definition', () => {
  it('is put side by side', () => {
    expect(sideBySide(['@@ -1 +1 @@', ' {', '-a', '-b', '+c', ' }', '@@ -9 +8 @@', '+d'])).toEqual([
      { changed: false, before: '{', after: '{' },
      { changed: true, before: 'a', after: 'c' },
      { changed: true, before: 'b' },
      { changed: false, before: '}', after: '}' },
      { changed: false, before: '…', after: '…' },
      { changed: true, after: 'd' },
    ]);
  });
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
  it('is counted by hour; what was cancelled did not fail', () => {
    const at = (hour: number, outcome: Invocation['outcome']) =>
      ({ time: new Date(hour * 3_600_000 + 5).toISOString(), outcome }) as Invocation;
    const calls = [
      at(2, 'success'),
      at(2, 'tool-error'),
      at(4, 'cancelled'),
      at(4, 'refused'),
      at(9, 'failed'),
    ];
    const buckets = bucketsOf({ calls, from: 2 * 3_600_000, to: 4.5 * 3_600_000, partial: false });
    expect(buckets.map(({ calls, errors }) => [calls, errors])).toEqual([
      [2, 1],
      [0, 0],
      [2, 1],
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
