import { foldLookAlikes } from './lookAlikes.ts';

/** Times that a word with `+` may come. */
const MAX_REPEATS = 4;
/** Of the scripts that put spaces between words: what a phrase does not begin or end in the middle of. */
const LETTER = '[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}]';
/** What `..` stands for: few words, none so long that it is data. */
const GAP = `(?: ${LETTER}{1,24}){0,5}`;

/**
 * One pattern that finds any of the phrases (their form: see `modelPhrases.ts`) in a text that {@link spacedWords} made,
 * whatever spaces are inside words or missing between them. Linear in the text: nothing repeats without bound.
 * @param words what `{name}` in a phrase stands for
 */
export function phrasePattern(phrases: readonly string[], words: Readonly<Record<string, string>>): RegExp {
  const sources = phrases.map(phrase => phraseSource(phrase, words));
  return new RegExp(`(?<!${LETTER})(?:${sources.join('|')})(?!${LETTER})`, 'u');
}

/** A folded text as phrases are looked for in it: one space between words, a full stop where a sentence ends. */
export function spacedWords(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}]+/gu, between => (/[.!?;:]\s|\n\s*\n/.test(between) ? '. ' : ' '));
}

function phraseSource(phrase: string, words: Readonly<Record<string, string>>): string {
  const spelt = phrase.replace(/\{(\w+)\}/g, (_, name) => `(${words[name]})`);
  return sequenceSource(spelt);
}

function sequenceSource(phrase: string): string {
  return split(phrase, ' ')
    .map((element, index) => elementSource(element, index === 0 ? '' : ' ?'))
    .join('');
}

function elementSource(element: string, space: string): string {
  if (element === '..') return GAP;
  const [, not, body = '', repeated, optional] = /^(!?)(.*?)(\+?)(\??)$/su.exec(element) ?? [];
  const once = body.startsWith('(') ? choiceSource(body.slice(1, -1)) : wordSource(body);
  if (not) return `(?!${space}${once}(?!${LETTER}))`;
  const all = repeated ? `${once}(?: ?${once}){0,${MAX_REPEATS - 1}}` : once;
  return optional ? `(?:${space}${all})?` : `${space}${all}`;
}

function choiceSource(choices: string): string {
  return `(?:${split(choices, '|').map(sequenceSource).join('|')})`;
}

/** The letters of a word, with or without spaces between them. */
export function wordSource(word: string): string {
  return [...foldLookAlikes(word)].join(' ?');
}

/** The parts between separators that are outside parentheses. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (character === separator && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}
