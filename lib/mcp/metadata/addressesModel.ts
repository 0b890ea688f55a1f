import { once } from '../../deps/once.ts';
import { foldLookAlikes } from './lookAlikes.ts';
import { MARKS, PHRASES, WORDS } from './modelPhrases.ts';
import { phrasePattern, wordForms } from './phrasePattern.ts';

/** Letters of the shortest text that can hold an instruction. */
const MIN_LENGTH = 6;

// Made when a text is looked at: making them at the import would be a tenth of a cold start.
const patterns = once(() =>
  Object.entries(PHRASES).map(([aim, phrases]) => [aim, phrasePattern(phrases, WORDS)] as const),
);

const mark = once(
  () =>
    new RegExp(
      MARKS.map(
        ({ before, names, after }) => `${before}(?:${foldLookAlikes(names).replaceAll(' ', ' ?')})${after}`,
      ).join('|'),
      'u',
    ),
);

/**
 * What a text tells the model to do that no description of a tool has to, in words of ours ("to keep something from
 * the user"); empty for an ordinary description. A heuristic: it knows phrases (`modelPhrases.ts`) in any case,
 * spacing and look-alike letters, not every way to say a thing. Linear in the text.
 */
export function addressesModel(text: string): string[] {
  if (text.length < MIN_LENGTH) return [];
  const forms = wordForms(text);
  const aims = patterns()
    .filter(([, pattern]) => forms.some(form => pattern.test(form)))
    .map(([aim]) => aim);
  return isMarked(text) ? [...new Set([...aims, POSING])] : aims;
}

const POSING = 'to take it for a voice of authority' satisfies string;

function isMarked(text: string): boolean {
  return /[<[#]/.test(text) && mark().test(foldLookAlikes(text).replace(/[\s_-]+/g, ' '));
}
