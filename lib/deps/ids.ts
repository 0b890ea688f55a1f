import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes of one UUIDv7. */
const ID_BYTES = 16;
/** Ids whose bytes are asked for at once: asking the system costs more than making an id. */
const IDS_AT_ONCE = 256;

/** Makes UUIDv7s (RFC 9562, 5.7) of given times, in epoch milliseconds. Each has random bits of its own. */
export function createIds(): (at: number) => string {
  const pool = new Uint8Array(ID_BYTES * IDS_AT_ONCE);
  let next = pool.length;
  return at => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    const random = pool.subarray(next, next + ID_BYTES);
    next += ID_BYTES;
    return v7({ msecs: at, random });
  };
}
