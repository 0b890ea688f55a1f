import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from './engine.ts';

/** A fenced block: its language, the words after it, and its text. */
export interface Fence {
  language: string;
  marks: string[];
  text: string;
}

/** A document of this project. */
export function readDocument(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8');
}

/** The fenced blocks of a Markdown text, in order. */
export function fences(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\w+)[ \t]*(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', marks = '', text = '']) => ({
      language,
      marks: marks.split(' ').filter(mark => mark !== ''),
      text,
    }),
  );
}

/** The part of a text below a heading, up to the next one of the same level or above. */
export function section(markdown: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const [, after] = markdown.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`There is no heading "${heading}".`);
  const next = after.search(new RegExp(`^#{1,${level}} `, 'm'));
  return next < 0 ? after : after.slice(0, next);
}

/** The rows of every table of a text, as trimmed cells, without their heads. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n').filter(line => line.startsWith('|'));
  const heads = new Set(lines.flatMap((line, n) => (/^\|[-| :]+\|$/.test(line) ? [n - 1, n] : [])));
  return lines.filter((_, n) => !heads.has(n)).map(line => line.slice(1, -1).split(' | ').map(cellText));
}

function cellText(cell: string): string {
  return cell.trim();
}

/** What a cell writes as code: its first `code` span. */
export function codeIn(cell: string): string | undefined {
  return /`([^`]+)`/.exec(cell)?.[1];
}
