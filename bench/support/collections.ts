/** What V8's collections did in some span of time. */
export interface Collections {
  /** Of the young generation, and of everything. */
  young: number;
  full: number;
  /** Bytes that were allocated, and those of them that outlived a collection of the young generation. */
  allocated: number;
  outlived: number;
  /** Milliseconds that collections of the young generation stopped the program for. */
  youngMs: number;
}

/** A line of `--trace-gc`: the kind, MB before and after, and the pause. */
const LINE = /(Scavenge|Mark-Compact).*? ([\d.]+) \([\d.]+\) -> ([\d.]+) .*?, ([\d.]+) \//;
const MB = 1024 * 1024;

/** Reads what V8 said in lines of standard output; the first collection is where the span begins. */
export function collectionsIn(lines: readonly string[]): Collections {
  const found: Collections = { young: 0, full: 0, allocated: 0, outlived: 0, youngMs: 0 };
  let last: number | undefined;
  for (const line of lines) {
    const [, kind, before, after, ms] = LINE.exec(line) ?? [];
    if (kind === undefined) continue;
    if (kind === 'Scavenge' && last !== undefined) {
      found.young++;
      found.youngMs += Number(ms);
      found.allocated += (Number(before) - last) * MB;
      found.outlived += Math.max(0, Number(after) - last) * MB;
    }
    if (kind !== 'Scavenge') found.full++;
    last = Number(after);
  }
  return found;
}
