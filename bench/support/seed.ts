import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AssociationItem, associationIdOf } from '../../lib/associations/associationItem.ts';
import { useShard } from '../../lib/associations/useShard.ts';
import type { UsedByItem } from '../../lib/services/listServiceAssociations.ts';
import type { ServiceItem } from '../../lib/services/serviceItem.ts';
import { type Key, keys, SCHEMA_VERSION } from '../../lib/store/keys.ts';

export interface Place {
  client: DynamoDBDocumentClient;
  tableName: string;
  accountId: string;
}

/** DynamoDB's own limit of one BatchWriteItem. */
const BATCH = 25;
/** Batches at a time: the embedded engine writes one after the other anyway. */
const LANES = 4;

const TIME = '2026-01-01T00:00:00.000Z';

/** An id as services have it; the n-th in order, all of one length, so that items are of one size. */
export function seededServiceId(n: number): string {
  const hex = n.toString(16).padStart(12, '0');
  return `mcpserver-019b7600-0000-7000-8000-${hex}`;
}

/** Puts the registrations `from` (inclusive) `to` (exclusive) straight into the table: only what lists show. */
export async function seedServices(place: Place, from: number, to: number): Promise<void> {
  await putAll(place, to - from, n => [serviceItem(place.accountId, from + n)]);
}

function serviceItem(accountId: string, n: number): ServiceItem & { v: number } {
  const serviceId = seededServiceId(n);
  const number = String(n).padStart(6, '0');
  return {
    ...keys.service(accountId, serviceId),
    v: SCHEMA_VERSION,
    serviceId,
    serviceType: 'mcpserver',
    name: `server-${number}`,
    endpoint: `https://mcp-${number}.example.com/mcp`,
    description: 'A server that looks up, reads and writes the records of one team.',
    authorizationMethod: 'bearer-token',
    tags: { team: 'night' },
    createdAt: TIME,
    updatedAt: TIME,
    state: 'ENABLED',
    validationStatus: 'valid',
    lastValidatedAt: TIME,
    toolCount: 12,
    catalogueChunks: 1,
    catalogueHash: '0'.repeat(64),
    catalogueRefreshedAt: TIME,
    version: 1,
  };
}

export interface SeededAssociation {
  space: string;
  serviceId: string;
}

/** Puts associations straight into the table: the association and the service's side of it. */
export async function seedAssociations(
  place: Place,
  count: number,
  nth: (n: number) => SeededAssociation,
): Promise<void> {
  await putAll(place, count, n => bothSides(place.accountId, nth(n)));
}

function bothSides(accountId: string, { space, serviceId }: SeededAssociation): Key[] {
  const associationId = associationIdOf(space, serviceId);
  const association: AssociationItem & { v: number } = {
    ...keys.association(accountId, space, associationId),
    v: SCHEMA_VERSION,
    agentSpaceId: space,
    associationId,
    serviceId,
    serverName: 'server',
    configuration: { mcpserver: { tools: ['*'] } },
    status: 'valid',
    toolCount: 1,
    pinnedChunks: 0,
    pinnedVersion: 1,
    catalogueHash: '0'.repeat(64),
    createdAt: TIME,
    updatedAt: TIME,
    version: 1,
  };
  const usedBy: UsedByItem & { v: number } = {
    ...keys.usedBy(accountId, serviceId, space),
    v: SCHEMA_VERSION,
    agentSpaceId: space,
    associationId,
    createdAt: TIME,
  };
  return [association, usedBy];
}

/** Sets the use counts of a service to what the given spaces make them. */
export async function seedUseCounts(
  place: Place,
  serviceId: string,
  spaces: readonly string[],
): Promise<void> {
  const used = new Map<number, number>();
  for (const space of spaces) used.set(useShard(space), (used.get(useShard(space)) ?? 0) + 1);
  const shards = [...used];
  await putAll(place, shards.length, n => {
    const [shard, count] = shards[n] ?? [0, 0];
    return [{ ...keys.useCount(place.accountId, serviceId, shard), v: SCHEMA_VERSION, used: count }];
  });
}

async function putAll(place: Place, count: number, itemsOf: (n: number) => Key[]): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const items: Key[] = [];
      while (next < count && items.length < BATCH - 1) items.push(...itemsOf(next++));
      await putBatch(place, items);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function putBatch({ client, tableName }: Place, items: readonly Key[]): Promise<void> {
  let wanted = items.map(Item => ({ PutRequest: { Item: Item as object as Record<string, unknown> } }));
  while (wanted.length > 0) {
    const answer = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: wanted } }));
    wanted = (answer.UnprocessedItems?.[tableName] ?? []) as typeof wanted;
  }
}
