import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { operationList } from '../../../lib/api/operations.ts';
import { serviceModel } from '../../../scripts/awsModel/model.ts';
import cloudTrail from '../../fixtures/cloudtrail-lookup-api.json' with { type: 'json' };
import { differences, publicOperations } from './contract.ts';
import { DEVIATIONS } from './deviations.ts';

const model = serviceModel(operationList);
const ours = new Map(operationList.map(row => [row.name, row]));

describe('the operation table against devops-agent-2026-01-01', () => {
  it('has every public operation, and marks every other as an extension', () => {
    const unmarked = operationList.filter(row => !row.extension).map(row => row.name);
    expect(unmarked.sort()).toEqual([...Object.keys(publicOperations), 'LookupEvents'].sort());
  });

  for (const [name, theirs] of Object.entries(publicOperations)) {
    it(`${name} keeps method, path and status, and answers with public errors`, () => {
      const row = ours.get(name);
      expect(row).toMatchObject({ method: theirs.method, path: theirs.path, status: theirs.status });
      expect(row?.protocol).toBe('restJson1');
      const errors = model.operations[name]?.errors.map(error => error.shape) ?? [];
      expect(errors.filter(code => !theirs.errors.includes(code))).toEqual([]);
    });
  }

  it('differs from the public shapes exactly where the closed list says', () => {
    const found = new Set<string>();
    for (const [name, theirs] of Object.entries(publicOperations)) {
      for (const { at, what } of [
        ...differences(theirs.input, `${name}Input`, model),
        ...differences(theirs.output, `${name}Output`, model),
      ]) {
        found.add(`${at}: ${what}`);
      }
    }
    expect([...found].sort()).toEqual(DEVIATIONS.map(([at, what]) => `${at}: ${what}`).sort());
  });

  it('documents every deviation, word for word', () => {
    const documented = readFileSync('docs/deviations.md', 'utf8')
      .split('\n')
      .filter(line => line.startsWith('| `'));
    expect(documented.sort()).toEqual(
      DEVIATIONS.map(([at, what, reason]) => `| \`${at}\` | ${what} | ${reason} |`).sort(),
    );
  });
});

describe('LookupEvents against CloudTrail', () => {
  const shape = (name: string) => model.shapes[name];
  const theirs = cloudTrail.shapes;

  it('is POST / in awsJson1_1', () => {
    expect(ours.get('LookupEvents')).toMatchObject({
      protocol: cloudTrail.protocol,
      method: cloudTrail.request.method,
      path: cloudTrail.request.path,
      status: 200,
    });
  });

  it.each([
    ['LookupEventsRequest', 'LookupEventsInput'],
    ['LookupEventsResponse', 'LookupEventsOutput'],
    ['LookupAttribute', 'LookupAttribute'],
    ['Event', 'Event'],
    ['Resource', 'EventResource'],
  ] as const)('%s has the same members', (their, our) => {
    expect(Object.keys(shape(our)?.members ?? {})).toEqual(Object.keys(theirs[their].members));
  });

  it('takes the same required members, keys and bounds', () => {
    expect(shape('LookupEventsInput')?.required).toBeUndefined();
    expect(shape('LookupAttribute')?.required).toEqual(theirs.LookupAttribute.required);
    expect(shape('LookupAttributeKey')?.enum).toEqual(theirs.LookupAttributeKey.enum);
    const members = shape('LookupEventsInput')?.members ?? {};
    expect(shape(members.MaxResults?.shape ?? '')).toEqual(theirs.MaxResults);
    expect(shape(members.EventCategory?.shape ?? '')).toEqual(theirs.EventCategory);
  });

  it('writes dates as epoch seconds', () => {
    const input = shape('LookupEventsInput')?.members;
    for (const date of [input?.StartTime, input?.EndTime, shape('Event')?.members?.EventTime]) {
      expect(shape(date?.shape ?? '')).toEqual({ type: 'timestamp', timestampFormat: 'unixTimestamp' });
    }
  });

  it('answers with CloudTrail errors beside the common ones', () => {
    const errors = ours.get('LookupEvents')?.errors ?? [];
    expect(errors.filter(code => !cloudTrail.errors.includes(code))).toEqual([]);
  });
});
