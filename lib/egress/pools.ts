import type { buildConnector, Pool } from 'undici';
import PoolOfClients from 'undici/lib/dispatcher/pool.js';
import type { EgressLimits } from './limits.ts';
import { EgressError } from './types.ts';

/** Connection pools by account and origin. */
export interface Pools {
  /** The pool for an account's requests to an origin; to be used at once, since a later call may retire it. */
  take(accountId: string, origin: string): Pool;
  /** Ends every connection, also those in use. */
  close(): Promise<void>;
}

interface Entry {
  pool: Pool;
  bornAt: number;
}

/**
 * Keeps at most `limits.pools` pools, none older than `limits.poolAgeMs` by the wall clock (timers freeze on
 * Lambda). A retired pool takes no new request and closes once its last response has ended.
 */
export function createPools(
  connector: () => buildConnector.connector,
  limits: EgressLimits,
  now: () => number = Date.now,
): Pools {
  // Insertion order is order of use.
  const entries = new Map<string, Entry>();
  const retiring = new Set<Pool>();
  let closed = false;

  const retire = (key: string, { pool }: Entry) => {
    entries.delete(key);
    retiring.add(pool);
    pool.close().then(
      () => retiring.delete(pool),
      () => retiring.delete(pool),
    );
  };
  const makeRoom = () => {
    for (const [key, entry] of entries) {
      if (entries.size >= limits.pools || isOld(entry, now(), limits)) retire(key, entry);
    }
  };

  return {
    take(accountId, origin) {
      if (closed) throw new EgressError('CONNECT_FAILED', 'connect', 'Switchboard is shutting down.');
      // Neither holds a space.
      const key = `${accountId} ${origin}`;
      const found = entries.get(key);
      if (found && !isOld(found, now(), limits)) {
        entries.delete(key);
        entries.set(key, found);
        return found.pool;
      }
      if (found) retire(key, found);
      makeRoom();
      const pool = newPool(origin, connector(), limits);
      entries.set(key, { pool, bornAt: now() });
      return pool;
    },
    async close() {
      closed = true;
      const all = [...[...entries.values()].map(entry => entry.pool), ...retiring];
      entries.clear();
      const reason = new EgressError('CONNECTION_LOST', 'request', 'Switchboard is shutting down.');
      await Promise.all(all.map(pool => pool.destroy(reason)));
    },
  };
}

function isOld(entry: Entry, time: number, limits: EgressLimits): boolean {
  return time - entry.bornAt >= limits.poolAgeMs;
}

function newPool(origin: string, connect: buildConnector.connector, limits: EgressLimits): Pool {
  return new PoolOfClients(origin, {
    connect,
    // HTTP/2 would coalesce names and hide a change of peer.
    allowH2: false,
    pipelining: 1,
    connections: limits.connectionsPerPool,
    maxHeaderSize: limits.headerBytes,
    // A server's hint cannot keep a connection beyond the pool's age.
    keepAliveMaxTimeout: limits.poolAgeMs,
    // Both clocks are kept in egress.ts and body.ts, where they cover connecting and a slow reader too.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
