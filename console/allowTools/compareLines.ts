import { diffArrays, diffWordsWithSpace } from 'diff';

/** A stretch of a line; `changed` where the other side has something else. */
export interface Piece {
  text: string;
  changed: boolean;
}

/** A line of both texts, side by side; a side that lacks it has nothing. */
export interface DiffRow {
  before?: Piece[];
  after?: Piece[];
  changed: boolean;
}

/** Lines added and removed that are looked for: the work grows with the square. */
const MAX_EDITS = 1_000;
/** Characters of a line within which words are compared. */
const MAX_LINE = 4_000;
/** Words added and removed of such a line. */
const MAX_WORDS = 200;

/**
 * Puts two texts side by side, line by line: what was removed faces what took its place, and within such a pair the
 * words that differ are told from those that do not. Where they have too little in common, all of both has changed.
 */
export function compareLines(before: readonly string[], after: readonly string[]): DiffRow[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS });
  if (!changes) return facing(before, after);
  const rows: DiffRow[] = [];
  let removed: readonly string[] = [];
  for (const { value, removed: isRemoved, added } of changes) {
    if (isRemoved) {
      removed = value;
      continue;
    }
    rows.push(...(added ? facing(removed, value) : [...facing(removed, []), ...value.map(unchanged)]));
    removed = [];
  }
  return [...rows, ...facing(removed, [])];
}

function unchanged(text: string): DiffRow {
  const pieces = [{ text, changed: false }];
  return { before: pieces, after: pieces, changed: false };
}

function facing(removed: readonly string[], added: readonly string[]): DiffRow[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, at) => {
    const [before, after] = [removed[at], added[at]];
    if (before !== undefined && after !== undefined) return { ...wordsOf(before, after), changed: true };
    const [text, side] = before !== undefined ? [before, 'before'] : [after ?? '', 'after'];
    return { [side]: [{ text, changed: true }], changed: true };
  });
}

function wordsOf(before: string, after: string): { before: Piece[]; after: Piece[] } {
  const isLong = before.length > MAX_LINE || after.length > MAX_LINE;
  const words = isLong ? undefined : diffWordsWithSpace(before, after, { maxEditLength: MAX_WORDS });
  if (!words) return { before: [{ text: before, changed: true }], after: [{ text: after, changed: true }] };
  return {
    before: words
      .filter(({ added }) => !added)
      .map(({ value, removed }) => ({ text: value, changed: removed })),
    after: words
      .filter(({ removed }) => !removed)
      .map(({ value, added }) => ({ text: value, changed: added })),
  };
}
