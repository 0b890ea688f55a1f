import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssociationItem } from '../../../lib/associations/associationItem.ts';
import { refuseOversized } from '../../../lib/associations/itemSize.ts';
import type { WithheldTool } from '../../../lib/associations/withheld.ts';
import { transact } from '../../../lib/store/transact.ts';
import { put } from '../../../lib/store/write.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const name = (n: number) => `${n}`.padStart(62, 'x');
const names = (count: number) => Array.from({ length: count }, (_, n) => name(n));

/** Everything that a server can have withheld. */
const worst = (pinned: number, others: number): WithheldTool[] => [
  ...names(pinned).map(tool => ({ name: tool, reason: 'CHANGED' as const, offered: '0'.repeat(16) })),
  ...Array.from({ length: others }, () => ({ name: '語'.repeat(128), reason: 'NAME_UNSUPPORTED' as const })),
];

type Sized = Pick<AssociationItem, 'configuration' | 'capabilities'>;

/** Capabilities of about so many bytes. */
function capabilitiesOf(bytes: number): NonNullable<AssociationItem['capabilities']> {
  const patterns = Array.from({ length: Math.floor(bytes / 259) }, () => 'm'.repeat(256));
  return { RELEASE_READINESS_REVIEW: { triggerFilterGroups: [{ targetBranches: { patterns } }] } };
}

/** As stored, with ids and times of full length. */
const store = (association: Sized, withheld: WithheldTool[]) => {
  const id = 'i'.repeat(255);
  const time = new Date(0).toISOString();
  const item = {
    ...association,
    withheld,
    agentSpaceId: 'a'.repeat(64),
    associationId: id,
    serviceId: id,
    serverName: 'n'.repeat(62),
    status: 'pending-confirmation',
    toolCount: 2_000,
    pinnedChunks: 8,
    pinnedVersion: 2 ** 48,
    version: 2 ** 48,
    catalogueHash: '0'.repeat(64),
    createdAt: time,
    updatedAt: time,
  };
  const key = { pk: `A#111122223333#P#${'a'.repeat(64)}`, sk: `ASC#mcpserver#${id}` };
  return transact(engine.client, [put(engine.tableName, key, item)], {
    sleep: async () => {},
    random: () => 0,
  });
};

/** The most capabilities that are let through beside a configuration, to 1 KB. */
function largest(configuration: AssociationItem['configuration'], tools: number): Sized {
  let bytes = 0;
  for (; ; bytes += 1_000) {
    const next = { configuration, capabilities: capabilitiesOf(bytes + 1_000) };
    try {
      refuseOversized(next, tools);
    } catch {
      return { configuration, capabilities: capabilitiesOf(bytes) };
    }
  }
}

describe('an association that is let through', () => {
  it.each([
    ['every tool', { mcpserver: { tools: ['*'] } }, 3, worst(2_000, 100)],
    ['2,000 named tools', { mcpserver: { tools: names(2_000) } }, 2_000, worst(2_000, 0)],
    ['one tool', { mcpserver: { tools: names(1) } }, 1, worst(1, 0)],
  ] as const)('has room to withhold %s', async (_, configuration, tools, withheld) => {
    const association = largest(configuration as never, tools);
    await store(association, [...withheld]);
    // The engine does mind the size.
    const larger = { ...association, capabilities: capabilitiesOf(450_000) };
    await expect(store(larger, [...withheld])).rejects.toThrow();
  });
});

it('is refused with what to do', () => {
  const configuration = { mcpserver: { tools: ['*'] } };
  expect(() => refuseOversized({ configuration, capabilities: capabilitiesOf(200_000) }, 3)).toThrow(
    /fewer tools/,
  );
  expect(() => refuseOversized({ configuration }, 3)).not.toThrow();
});
