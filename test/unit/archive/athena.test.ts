import { expect, it } from 'vitest';
import { buildRecord } from '../../../lib/audit/record.ts';
import { invocationRecord } from '../../../lib/invocations/invocationRecord.ts';
import { factsOf } from '../../support/invocations.ts';
import { readDocument } from '../../support/markdown.ts';

const config = { region: 'us-east-1', eventSource: 'aidevops.switchboard' };

it('the table for Athena has a column for each member of a record, and no other', () => {
  const failed = factsOf({ failure: { code: 'Failed', message: 'It failed.' } });
  const change = { ...failed, eventId: 'e', eventName: 'Something', readOnly: false };
  const records = [
    invocationRecord(failed, 'e', config),
    buildRecord({ ...change, requestParameters: null, responseElements: null, resources: [] }, config),
  ];
  const members = new Set(records.flatMap(record => Object.keys(record).map(name => name.toLowerCase())));
  const [, ddl = ''] =
    /CREATE EXTERNAL TABLE \w+ \(\n([\s\S]*?)\n\)\n/.exec(readDocument('docs/audit-archive.md')) ?? [];
  const columns = [...ddl.matchAll(/^ {2}(\w+) [A-Z]/gm)].map(([, name]) => name);
  expect(columns.sort()).toEqual([...members].sort());
});
