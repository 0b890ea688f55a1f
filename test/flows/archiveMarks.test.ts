import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { hourAt } from '../../lib/archive/hours.ts';
import { placeOf } from '../../lib/archive/marks.ts';
import { keys } from '../../lib/store/keys.ts';
import { type App, startApp } from '../support/app.ts';
import { allItems } from '../support/table.ts';

// Handlers of operations, as they are deployed: with an archive.

let app: App;
beforeAll(async () => {
  app = await startApp({ AUDIT_ARCHIVE: 'true' });
}, 120_000);
afterAll(() => app.stop());

const stored = () => allItems(app.engine.client, app.engine.tableName);
let from: string;
beforeEach(() => {
  from = hourAt(Date.now());
});

it.each<[OperationName, object]>([
  ['CreateAgentSpace', { name: 'space' }],
  ['ListAgentSpaces', {}],
  ['LookupEvents', {}],
  ['GetService', { serviceId: 'mcpserver-none' }],
  ['ValidateRegistration', { service: 'mcpserver', serviceDetails: {} }],
])('%s has the hour of its event marked', async (name, input) => {
  const answer = await app.call(name, input, { accountId: accountOf(name) });
  expect(answer.status).not.toBe(500);
  const items = await stored();
  const events = items.filter(item => placeOf(item)?.accountId === accountOf(name));
  expect(events.length).toBeGreaterThan(0);
  const marks = items.filter(({ pk }) => pk === keys.archiveMarks()).map(({ sk }) => sk);
  for (const event of events) {
    const { accountId = '', eventHour = '', space = '' } = placeOf(event) ?? {};
    expect(
      [from, hourAt(Date.now())].some(hour => marks.includes(`${hour}#${accountId}#${eventHour}#${space}`)),
    ).toBe(true);
  }
});

/** An account of its own for each operation: the process has marked nothing of it yet. */
function accountOf(name: OperationName): string {
  return createHash('sha256')
    .update(name)
    .digest()
    .readUIntBE(0, 5)
    .toString()
    .padStart(12, '1')
    .slice(0, 12);
}
