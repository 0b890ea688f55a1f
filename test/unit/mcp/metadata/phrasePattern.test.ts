import { describe, expect, it } from 'vitest';
import { PHRASES, WORDS } from '../../../../lib/mcp/metadata/modelPhrases.ts';
import { phrasePattern, wordForms } from '../../../../lib/mcp/metadata/phrasePattern.ts';

const finds = (phrase: string, text: string, words = {}) =>
  wordForms(text).some(form => phrasePattern([phrase], words).test(form));

describe('a phrase', () => {
  it.each([
    ['one two', 'so ONE, two!', true],
    ['one two', 'onetwo', true],
    ['one two', 'o n e t w o', true],
    ['one two', 'o-n e.t-w-o', true],
    ['one two', 'on-e t/wo', true],
    ['ones two', "one's two", false],
    ['one two', 'bone two', false],
    ['one two', 'one twofold', false],
    ['one two', 'one. Two', false],
    ['one two', 'one\n\ntwo', false],
    ['one two', 'one\ntwo', true],
    ['one (two|three four) five', 'one three four five', true],
    ['one (two|three four) five', 'one three five', false],
    ['one two? three', 'one three', true],
    ['one (two|four)? three', 'one four three', true],
    ['one (a|b)+ three', 'one a b a b three', true],
    ['one (a|b)+ three', 'one three', false],
    ['one (a|b)+? three', 'one three', true],
    ['one .. six', 'one two three four five six', true],
    ['one .. six', 'one aa bb cc dd ee ff six', false],
    ['one .. six', 'one two. Three six', false],
    ['one !(two|three)', 'one', true],
    ['one !(two|three)', 'one three', false],
    ['one !(two|three)', 'one threefold', true],
    ['{number} two', 'three two', true],
    ['{number} two', 'two two', false],
  ])('%j in %j: %s', (phrase, text, found) => {
    expect(finds(phrase, text, { number: 'one|three' })).toBe(found);
  });
});

/** A phrase with the first of each choice, whatever is optional in it, and no gap. */
function spelt(phrase: string): string {
  let text = phrase
    .replace(/\{(\w+)\}/g, (_, name) => `(${WORDS[name]})`)
    .replace(/ !\(.*\)$/, '')
    .replaceAll(' ..', '');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\(([^()|]*)(\|[^()]*)?\)[+?]*/g, '$1');
  }
  return text.replaceAll('?', '');
}

describe('the phrases', () => {
  const all = Object.entries(PHRASES).flatMap(([aim, phrases]) =>
    phrases.map(phrase => [aim, phrase] as const),
  );

  it.each(all)('%s: %s', (aim, phrase) => {
    expect(phrase.match(/\{\w+\}/g)?.filter(name => !WORDS[name.slice(1, -1)]) ?? []).toEqual([]);
    const pattern = phrasePattern(PHRASES[aim] ?? [], WORDS);
    expect(finds(phrase, spelt(phrase), WORDS), spelt(phrase)).toBe(true);
    expect(pattern.test(wordForms(`Adds numbers. ${spelt(phrase)}.`)[0] ?? '')).toBe(true);
  });

  it('use every list of words', () => {
    const used = new Set(
      all.flatMap(([, phrase]) => [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)),
    );
    expect([...used].sort()).toEqual(Object.keys(WORDS).sort());
  });
});
