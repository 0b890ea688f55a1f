/** A line of both definitions, side by side; a side that lacks it has nothing. */
export interface DiffRow {
  before?: string;
  after?: string;
  changed: boolean;
}

/**
 * Puts the lines of a diff (as `diff -U` prints them) side by side: what was removed faces what took its place. Heads of
 * hunks begin a new part.
 */
export function sideBySide(diff: readonly string[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [before, after] = [removed[at], added[at]];
      rows.push({
        changed: true,
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      });
    }
    removed = [];
    added = [];
  };
  for (const line of diff) {
    const [sign, text] = [line[0], line.slice(1)];
    if (sign === '-') removed.push(text);
    else if (sign === '+') added.push(text);
    else {
      flush();
      const shown = sign === ' ' ? text : '…';
      if (sign === ' ' || rows.length > 0) rows.push({ changed: false, before: shown, after: shown });
    }
  }
  flush();
  return rows;
}
