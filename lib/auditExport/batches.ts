/**
 * Items in their order, cut into batches that hold no more of them, and no more bytes, than a request takes. An item
 * that is too large by itself is alone in its batch.
 */
export function batchesOf<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  max: { items: number; bytes: number },
): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const current = batches.at(-1);
    bytes += sizeOf(item);
    if (current && current.length < max.items && bytes <= max.bytes) {
      current.push(item);
    } else {
      batches.push([item]);
      bytes = sizeOf(item);
    }
  }
  return batches;
}
