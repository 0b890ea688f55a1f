import { foldLookAlikes } from './lookAlikes.ts';
import { MARKS, PHRASES, WORDS } from './modelPhrases.ts';
import { phrasePattern, spacedWords, wordSource } from './phrasePattern.ts';

/** Letters of the shortest text that can hold an instruction. */
const MIN_LENGTH = 6;

const PATTERNS = Object.entries(PHRASES).map(
  ([aim, phrases]) => [aim, phrasePattern(phrases, WORDS)] as const,
);

const MARK = new RegExp(
  MARKS.map(({ before, names, after }) => {
    const sources = names.split('|').map(name => name.split(' ').map(wordSource).join(' ?'));
    return `${before}(?:${sources.join('|')})${after}`;
  }).join('|'),
  'u',
);

/**
 * What a text tells the model to do that no description of a tool has to, in words of ours ("to keep something from
 * the user"); empty for an ordinary description. A heuristic: it knows phrases (`modelPhrases.ts`) in any case,
 * spacing and look-alike letters, not every way to say a thing. Linear in the text.
 */
export function addressesModel(text: string): string[] {
  if (text.length < MIN_LENGTH) return [];
  const folded = foldLookAlikes(text);
  const words = spacedWords(folded);
  const aims = PATTERNS.filter(([, pattern]) => pattern.test(words)).map(([aim]) => aim);
  const isMarked = MARK.test(folded.replace(/[\s_-]+/g, ' '));
  return isMarked ? [...new Set([...aims, 'to take it for a voice of authority'])] : aims;
}
