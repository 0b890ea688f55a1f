import { ELLIPSIS } from './marks.ts';

/** UTF-8 bytes of a value as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/**
 * A JSON value in at most `budget` bytes of JSON: small members survive, large ones are cut, and every
 * object, list or string that lost something says so.
 */
export function shrink(value: unknown, budget: number): unknown {
  if (jsonBytes(value) <= budget) return value;
  if (Array.isArray(value)) return shrinkList(value, budget);
  if (typeof value === 'object' && value !== null) return shrinkObject(value, budget);
  return 'truncated';
}

/** Room for `"…":"truncated"`, brackets and commas. */
const MARKER_BYTES = 32;

function shrinkList(list: unknown[], budget: number): unknown[] {
  const kept: unknown[] = [];
  let left = budget - MARKER_BYTES;
  for (const item of list) {
    left -= jsonBytes(item) + 1;
    if (left < 0) break;
    kept.push(item);
  }
  return [...kept, `${ELLIPSIS} ${list.length - kept.length} more`];
}

function shrinkObject(object: object, budget: number): object {
  const members = Object.entries(object)
    .map(([name, member]) => ({ name, member, bytes: jsonBytes(member), nameBytes: jsonBytes(name) + 2 }))
    .sort((a, b) => a.bytes - b.bytes);
  const kept: [string, unknown][] = [];
  let left = budget - MARKER_BYTES;
  for (const { name, member, bytes, nameBytes } of members) {
    left -= nameBytes;
    // Below this a cut member would be nothing but its own marker.
    if (bytes > left && left < 2 * MARKER_BYTES) break;
    const part = bytes <= left ? member : shrink(member, left);
    left -= bytes <= left ? bytes : jsonBytes(part);
    kept.push([name, part]);
  }
  return Object.fromEntries([...kept, [ELLIPSIS, 'truncated']]);
}
