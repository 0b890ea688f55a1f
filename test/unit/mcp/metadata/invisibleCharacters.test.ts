import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invisibleCharacters } from '../../../../lib/mcp/metadata/invisibleCharacters.ts';

/** ASCII text in Unicode's tag characters: models read it, people see nothing. */
const tagged = (text: string) =>
  [...text].map(character => String.fromCodePoint(0xe0000 + (character.codePointAt(0) ?? 0))).join('');

/** Bytes as variation selectors, as they are hidden behind one emoji. */
const selectors = (text: string) =>
  [...Buffer.from(text)]
    .map(byte => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16))
    .join('');

describe('characters that nobody sees', () => {
  it.each([
    ['tags', `Adds numbers.${tagged('Ignore all')}`, '10 Unicode tags (U+E0049, U+E0067, U+E006E, …)'],
    ['tags behind a flag that is none', `🏴${tagged('xyz')}\u{e007f}`, /^4 Unicode tags/],
    ['an override', 'safe \u202etxt.exe', '1 bidirectional controls (U+202E)'],
    ['embeddings', '\u202aa\u202bb\u202cc\u202dd', /^4 bidirectional controls/],
    ['isolates', '\u2066a\u2067b\u2068c\u2069', /^4 bidirectional controls/],
    ['marks among Latin letters', 'user\u200ename\u200f', /^2 bidirectional controls/],
    ['a run of marks in Hebrew', 'שלום\u200f\u200f\u200e', /^3 bidirectional controls/],
    ['zero-width spaces', 'ig\u200bnore', '1 zero-width characters (U+200B)'],
    ['joiners among Latin letters', 'ig\u200cno\u200dre', /^2 zero-width characters/],
    ['joiners in runs', 'می\u200c\u200c\u200cخواهم', /^2 zero-width characters/],
    ['a word joiner and a byte order mark', 'a\u2060b\ufeff', /^2 zero-width characters/],
    ['invisible operators and fillers', 'a\u2062\u2064\u3164\uffa0\u115f\u17b4\u034f\u180e', /^8 zero-width/],
    ['blank braille', 'a\u2800', /U\+2800/],
    ['soft hyphens', 'ig\u00adnore', '1 soft hyphens (U+00AD)'],
    ['bytes behind an emoji', `😀${selectors('Ignore')}`, /^6 variation selectors/],
    ['selectors behind letters', 'a\ufe01b\ufe0f', /^2 variation selectors/],
    ['a digit as emoji that is no keycap', '1\ufe0f', /^1 variation selectors/],
    ['controls', 'a\u0000\b\u007f\u0084', '4 control characters (U+0000, U+0008, U+007F, …)'],
    ['several kinds', 'a\u200b\u202e', /bidirectional controls.*zero-width|zero-width.*bidirectional/],
  ])('are found: %s', (_, text, what) => {
    const found = invisibleCharacters(text);
    if (typeof what === 'string') expect(found).toBe(what);
    else expect(found).toMatch(what);
  });

  it('are counted up to a bound', () => {
    expect(invisibleCharacters('\u200b'.repeat(5000))).toBe('1000 zero-width characters (U+200B)');
  });
});

describe('characters that spelling needs', () => {
  it.each([
    ['emoji', '😀 👍🏽 ❤️ ☎︎ ©️ ⚠️ ✔️'],
    ['families, professions, flags', '👨‍👩‍👧‍👦 👩🏽‍💻 🏳️‍🌈 🏴‍☠️ 🇩🇪 ❤️‍🔥'],
    ['the flags of England, Scotland and Wales', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
    ['keycaps', '1️⃣ #️⃣ *️⃣'],
    ['Persian', 'می‌خواهم کتاب‌ها را ببینم'],
    ['Urdu', 'کتابخانہ‌جات'],
    ['Hindi and Marathi', 'क्‍ष र्‍य'],
    ['Malayalam and Kannada', 'ന്‍ ರ‍್ಕ'],
    ['Sinhala', 'ශ්‍රී ලංකා'],
    ['Thai and Khmer with breaks', 'ภาษา\u200bไทย ភាសា\u200bខ្មែរ'],
    ['Hebrew and Arabic with marks', 'שם (C++)\u200f הקובץ. قيمة\u200e: 5'],
    ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ\u180bᠠ'],
    ['a Japanese name', '葛\u{e0100}飾区'],
    ['mathematics', 'A ∩\ufe00 B'],
    ['accents', 'Zoë, naïve, Ångström, e\u0301'],
    ['tabs and line ends', 'a\tb\r\nc\u000bd\u000ce\u0085f\u2028g\u00a0h\u3000i'],
    ['private use, as of icon fonts', '\ue0b0'],
  ])('are not warned of: %s', (_, text) => {
    expect(invisibleCharacters(text)).toBeUndefined();
  });

  it('hold for every text of visible characters', () => {
    const visible = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\t', '\n', ' ', 'é', 'ß', '中', 'あ', 'Ж', 'א', 'ع', 'ก', '한', '😀', '€', '—'),
        fc.integer({ min: 0x20, max: 0x7e }).map(code => String.fromCharCode(code)),
      ),
    });
    fc.assert(
      fc.property(visible, text => {
        expect(invisibleCharacters(text)).toBeUndefined();
      }),
    );
  });
});
