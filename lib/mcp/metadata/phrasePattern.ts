import { foldLookAlikes, foldSpelling } from './lookAlikes.ts';

/** What a phrase does not begin or end in the middle of: words of scripts that put spaces between them. */
const LETTER = '[a-z0-9]';
/** What `..` stands for. */
const GAP = '(?: [^ .]+){0,5}';

/**
 * One pattern that finds any of the phrases (their form: see `modelPhrases.ts`) in what {@link wordForms} made of a
 * text, also where the spaces between words are missing. Linear in the text, and small: with Unicode's classes, or
 * letters apart, it would take a second to compile.
 * @param words what `{name}` in a phrase stands for
 */
export function phrasePattern(phrases: readonly string[], words: Readonly<Record<string, string>>): RegExp {
  const sources = phrases.map(phrase => phraseSource(phrase, words));
  return new RegExp(`(?<!${LETTER})(?:${sources.join('|')})(?!${LETTER})`);
}

/**
 * A text as phrases are looked for in it: folded words with one space between them, and a full stop where a sentence
 * ends. Twice: `ig-nore` is two words in the first form and one in the second. Letters apart are one word in both.
 */
export function wordForms(text: string): string[] {
  const folded = foldSpelling(text);
  return [folded, folded.replace(INSIDE_WORDS, '')].map(form =>
    form.replace(/[^\p{L}\p{N}]+/gu, space).replace(LETTERS_APART, letters => letters.replaceAll(' ', '')),
  );
}

/** Between two letters, but for the apostrophe of a genitive. */
const INSIDE_WORDS = /(?<=[\p{L}\p{N}])(?!['’]s(?![\p{L}\p{N}]))[^\p{L}\p{N}\s]+(?=[\p{L}\p{N}])/gu;
const LETTERS_APART = /(?<![a-z0-9])[a-z0-9](?: [a-z0-9](?![a-z0-9])){3,}/g;

function space(between: string): string {
  return /[.!?;:]\s|\n\s*\n/.test(between) ? '. ' : ' ';
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
  const once = body.startsWith('(') ? choiceSource(body.slice(1, -1)) : foldLookAlikes(body);
  if (not) return `(?!${space}${once}(?!${LETTER}))`;
  const all = repeated ? `${once}(?: ?${once})*` : once;
  return optional ? `(?:${space}${all})?` : `${space}${all}`;
}

function choiceSource(choices: string): string {
  return `(?:${split(choices, '|').map(sequenceSource).join('|')})`;
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
