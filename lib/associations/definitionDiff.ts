import { structuredPatch } from 'diff';
import { ELLIPSIS } from '../audit/marks.ts';
import { scrubServerText } from '../egress/scrub.ts';
import { visible } from '../egress/visible.ts';
import { canonicalJson, confirmedPart } from '../mcp/fingerprint.ts';
import type { ToolDefinition } from '../mcp/types.ts';

/** Characters of a definition that is still compared line by line: what takes milliseconds. */
const MAX_COMPARED = 64 * 1024;
/** Lines added and removed that are looked for: the work grows with the square. */
const MAX_EDITS = 200;
/** Characters of a line that is broken at the ends of sentences, so that a change within it shows as few. */
const LONG_LINE = 100;
/** Characters of one shown line: below what `scrubServerText` leaves, in any script. */
const MAX_LINE = 250;

/**
 * What a person needs to see of a change, line by line as `diff -U1` prints it: over the canonical JSON of both
 * definitions, indented. Characters that nobody sees are spelt out. At most `maxBytes` of JSON;
 * … at the end says that there is more.
 */
export function diffDefinitions(before: ToolDefinition, after: ToolDefinition, maxBytes: number): string[] {
  const [from, to] = [canonicalJson(confirmedPart(before)), canonicalJson(confirmedPart(after))];
  const patch = from.length + to.length > 2 * MAX_COMPARED ? undefined : patchOf(from, to);
  if (!patch) return fromWhereTheyPart(from, to, maxBytes);
  const lines = patch.hunks.flatMap(({ oldStart, newStart, lines: changes }) => [
    `@@ -${oldStart} +${newStart} @@`,
    ...changes,
  ]);
  return bounded(lines, maxBytes);
}

/** `undefined` where the two have too little in common. */
function patchOf(from: string, to: string) {
  const options = { context: 1, maxEditLength: MAX_EDITS };
  return structuredPatch('', '', indented(from), indented(to), undefined, undefined, options);
}

/** Characters before a change that tell where it is. */
const LEAD = 80;
/** Bytes of the line that tells where. */
const HEAD_BYTES = 32;

/** Of definitions that are not compared line by line: both from where the first difference is. */
function fromWhereTheyPart(from: string, to: string, maxBytes: number): string[] {
  let at = 0;
  while (at < from.length && from[at] === to[at]) at++;
  const side = (sign: string, json: string) => {
    const lines = broken(json.slice(Math.max(0, at - LEAD), at + maxBytes)).map(line => sign + line);
    return bounded(lines, (maxBytes - HEAD_BYTES) / 2);
  };
  return [`@@ character ${at} @@`, ...side('-', from), ...side('+', to)];
}

/** Names of the outermost members that differ. */
export function changedMembers(before: ToolDefinition, after: ToolDefinition): string[] {
  const [from, to] = [confirmedPart(before), confirmedPart(after)];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.filter(name => canonicalJson({ value: from[name] }) !== canonicalJson({ value: to[name] }));
}

function indented(json: string): string {
  const lines = JSON.stringify(JSON.parse(json), null, 2).split('\n').flatMap(broken);
  return lines.map(line => `${line}\n`).join('');
}

/** A long line in pieces that begin where a sentence or an escaped line does: they stay the same when others change. */
function broken(line: string): string[] {
  const [indent = ''] = /^ */.exec(line) ?? [];
  const rest = visible(line.slice(indent.length));
  const parts = rest.length > LONG_LINE ? rest.split(/(?<=[.!?;]\s|\\n)/) : [rest];
  const pieces = parts.flatMap(part => part.match(PIECE) ?? []);
  return pieces.map((piece, index) => `${indent}${index > 0 ? '  ' : ''}${piece}`);
}

const PIECE = new RegExp(`.{1,${MAX_LINE}}`, 'gsu');

/** The sign and the indentation are ours, the rest is the server's. */
function shown(line: string): string {
  const [ours = ''] = /^[-+ ] */.exec(line) ?? [];
  return ours + scrubServerText(line.slice(ours.length), []);
}

/** Bytes of the brackets of a list, and of … in it. */
const MARK_BYTES = 8;

function bounded(lines: readonly string[], maxBytes: number): string[] {
  const kept: string[] = [];
  let left = maxBytes - MARK_BYTES;
  for (const line of lines) {
    const text = shown(line);
    left -= Buffer.byteLength(JSON.stringify(text)) + 1;
    if (left < 0) return [...kept, ELLIPSIS];
    kept.push(text);
  }
  return kept;
}
