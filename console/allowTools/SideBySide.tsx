import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import { drift as words } from '../strings/allowTools.ts';
import type { DiffRow, Piece } from './compareLines.ts';

/** Lines that are shown at once: a schema may have thousands. */
const MAX_ROWS = 300;

/** Two texts beside each other. What a server sent is text, and nothing but text. */
export function SideBySide({ label, rows }: { label: string; rows: readonly DiffRow[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, MAX_ROWS);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
      <section className="json" tabIndex={0} aria-label={label}>
        <table className="side-by-side">
          <thead>
            <tr>
              <th scope="col">{words.confirmed}</th>
              <th scope="col">{words.offered}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ before, after, changed }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are in this order and no other
              <tr key={at}>
                <td>{before && (changed ? <del>{pieces(before)}</del> : pieces(before))}</td>
                <td>{after && (changed ? <ins>{pieces(after)}</ins> : pieces(after))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown.length < rows.length && (
        <Button variant="inline-link" onClick={() => setAll(true)}>
          {words.allLines(rows.length)}
        </Button>
      )}
    </>
  );
}

function pieces(line: readonly Piece[]) {
  let at = 0;
  return line.map(({ text, changed }) => {
    const key = `${at} ${changed}`;
    at += text.length;
    return changed ? <Changed key={key} text={text} /> : <span key={key}>{text}</span>;
  });
}

/** Indentation is not marked, unless there is nothing else. */
function Changed({ text }: { text: string }) {
  const rest = text.trimStart() || text;
  return (
    <>
      {text.slice(0, text.length - rest.length)}
      <b>{rest}</b>
    </>
  );
}
