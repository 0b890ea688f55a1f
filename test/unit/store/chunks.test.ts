import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../lib/config.ts';
import { chunkRemovals, chunkWrites, readChunks } from '../../../lib/store/chunks.ts';
import { transact } from '../../../lib/store/transact.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { allItems } from '../../support/table.ts';

let engine: TestEngine;
let made = 0;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** Incompressible: about `megabytes` as stored. */
const bulk = (megabytes: number) => ({ text: randomBytes(megabytes * 1_000_000).toString('base64') });
const options = { sleep: async () => {}, random: () => 0 };

/** A value of its own, and writes to it as a caller that knows its chunks makes them. */
function aValue() {
  const pk = `A#1#S#${++made}`;
  const keyOf = (chunk: number) => ({ pk, sk: `CAT#${chunk}` });
  let chunks = 0;
  let stamp = 0;
  const write = async (value: unknown) => {
    const written = chunkWrites(engine.tableName, keyOf, value, ++stamp, chunks);
    if (!written) throw new Error('does not fit');
    await transact(engine.client, written.items, options);
    chunks = written.chunks;
  };
  const removeAll = () => transact(engine.client, chunkRemovals(engine.tableName, keyOf, 0, chunks), options);
  return { pk, keyOf, write, removeAll, chunks: () => chunks };
}

/** Reads through a store that lets `after` happen once each of the first `times` queries is answered. */
function interrupted(after: () => Promise<void>, times = 1) {
  let left = times;
  const send = async (command: never) => {
    const answer = await engine.client.send(command);
    if (left-- > 0) await after();
    return answer;
  };
  const store = { send } as unknown as DynamoDBDocumentClient;
  return { store, config: loadConfig({ TABLE_NAME: engine.tableName }) };
}

const quiet = () => interrupted(async () => {}, 0);

describe('a value in chunks', () => {
  it('comes back as it was written, whether it grows, shrinks or goes', async () => {
    const value = aValue();
    expect(await readChunks(quiet(), value.keyOf)).toBeUndefined();
    for (const megabytes of [0.001, 1.5, 0.3]) {
      const written = bulk(megabytes);
      await value.write(written);
      expect(await readChunks(quiet(), value.keyOf)).toEqual(written);
      const stored = (await allItems(engine.client, engine.tableName)).filter(({ pk }) => pk === value.pk);
      expect(stored).toHaveLength(value.chunks());
    }
    await value.removeAll();
    expect(await readChunks(quiet(), value.keyOf)).toBeUndefined();
  });

  it('is read anew where another write lands between two pages', async () => {
    const value = aValue();
    await value.write(bulk(1.5));
    const later = bulk(1.5);
    expect(
      await readChunks(
        interrupted(() => value.write(later)),
        value.keyOf,
      ),
    ).toEqual(later);
  });

  it('is given up where that never ends', async () => {
    const value = aValue();
    await value.write(bulk(1.5));
    const restless = interrupted(() => value.write(bulk(1.5)), 100);
    await expect(readChunks(restless, value.keyOf)).rejects.toThrow(/Try again/);
  });

  it('is refused above the room of one transaction', () => {
    expect(chunkWrites('t', aValue().keyOf, bulk(3), 1, 0)).toBeUndefined();
  });
});
