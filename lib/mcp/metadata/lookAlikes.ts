/**
 * What people and models take for a Latin letter, after decomposition (which brings back full-width, mathematical and
 * accented ones) and in lower case: a selection from Unicode's confusables (UTS #39).
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аαɑᴀꭺ',
  b: 'ьƅʙвβ',
  c: 'сϲᴄⲥ',
  d: 'ԁɗᴅ',
  e: 'еҽєεᴇ',
  f: 'ƒꬵꜰ',
  g: 'ɡɢԍց',
  h: 'һհнʜ',
  j: 'јᴊ',
  k: 'κкᴋⲕ',
  // One class: in many typefaces nobody sees which of them it is.
  l: 'iіıɩιӏ1ǀɪʟ',
  m: 'мᴍ',
  n: 'пηոɴ',
  o: 'оοօσᴏⲟ0',
  p: 'рρᴘⲣ',
  q: 'ԛգ',
  r: 'гᴦʀⲅ',
  s: 'ѕꜱ',
  t: 'тτᴛ',
  u: 'υսᴜʋ',
  v: 'νѵᴠ',
  w: 'ԝաѡᴡ',
  x: 'хχ',
  y: 'уүʏγ',
  z: 'ᴢ',
};

/** Digits that are written for letters, though nobody takes them for these. */
const DIGITS: Readonly<Record<string, string>> = { 3: 'e', 4: 'a', 5: 's', 7: 't' };

const PAIRS = Object.entries(LOOK_ALIKES).flatMap(([letter, alikes]) =>
  [...alikes].map(alike => [alike, letter] as const),
);
const ASCII_PAIRS = PAIRS.filter(([alike]) => alike < '\x7f');
const OTHERS = new Map(PAIRS.filter(([alike]) => alike > '\x7f'));
const OTHER = new RegExp(`[${[...OTHERS.keys()].join('')}]`, 'gu');

const NOT_ASCII = /[^\0-\x7f]/;
const UNSEEN = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A text in which look-alikes are the same: lower case, without accents and invisible characters, each letter the
 * Latin one that it is taken for. Not for reading: `i` is `l` in it. Linear in the text.
 */
export function foldLookAlikes(text: string): string {
  const lower = NOT_ASCII.test(text) ? foldOthers(text) : text.toLowerCase();
  return ASCII_PAIRS.reduce((folded, [alike, letter]) => folded.replaceAll(alike, letter), lower);
}

/** The same, of a text that may have digits for letters: what it is read as. */
export function foldSpelling(text: string): string {
  return foldLookAlikes(text).replace(/[3457]/g, digit => DIGITS[digit] ?? digit);
}

function foldOthers(text: string): string {
  const plain = text.normalize('NFKD').replace(UNSEEN, '').toLowerCase();
  return plain.replace(OTHER, alike => OTHERS.get(alike) ?? alike);
}
