/** What people do not see and models read, by what it is called. The first that matches names a character. */
const KINDS: readonly (readonly [kind: string, characters: string])[] = [
  ['Unicode tags', '\\u{E0000}-\\u{E007F}'],
  ['bidirectional controls', '\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069'],
  ['variation selectors', '\\u180B-\\u180D\\u180F\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}'],
  ['soft hyphens', '\\u00AD'],
  // Braille's blank and the annotation marks are not "ignorable", and as invisible.
  ['zero-width characters', '\\p{Default_Ignorable_Code_Point}\\u2800\\uFFF9-\\uFFFB'],
  // White space is none; ESC, CSI and the like are found as ANSI escapes.
  ['control characters', '\\0-\\x08\\x0E-\\x1A\\x1C-\\x1F\\x7F-\\x84\\x86-\\x8F\\x91-\\x97\\x99\\x9A\\x9C'],
];

/** Scripts whose spelling needs joiners (Persian, Urdu, the Indic ones and their neighbours). */
const JOINING = scripts(
  ...['Arab', 'Syrc', 'Nkoo', 'Mong', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda'],
  ...['Mlym', 'Sinh', 'Tibt', 'Mymr', 'Khmr', 'Java', 'Bali', 'Newa', 'Thaa', 'Phag', 'Mand', 'Adlm'],
);
/** Scripts written without spaces, where a zero-width space marks where a line may break. */
const UNSPACED = scripts('Thai', 'Laoo', 'Khmr', 'Mymr', 'Tibt', 'Java', 'Bali', 'Lana', 'Talu', 'Tale');
const RIGHT_TO_LEFT = scripts('Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Samr', 'Mand', 'Adlm', 'Rohg');
const EMOJI = '\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{Regional_Indicator}';

/** Where such a character belongs: one alone, after what it works on. */
const LEGITIMATE = [
  // A symbol as emoji or as text; a keycap.
  `(?<=[${EMOJI}])[\\uFE0E\\uFE0F]`,
  '(?<=[0-9#*])\\uFE0F(?=\\u20E3)',
  // Families, flags, professions.
  `(?<=[${EMOJI}\\uFE0F])\\u200D(?=\\p{Extended_Pictographic})`,
  // The flags of England, Scotland and Wales: no others are drawn.
  '(?<=\\u{1F3F4})\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}',
  // Forms of Chinese characters and of mathematical signs, and of Mongolian letters.
  '(?<=\\p{Script=Han})[\\uFE00-\\uFE02\\u{E0100}-\\u{E01EF}]',
  '(?<=\\p{Sm})\\uFE00',
  '(?<=\\p{Script=Mong})[\\u180B-\\u180D\\u180F]',
  `(?<=[${JOINING}])[\\u200C\\u200D]`,
  `(?<=[${UNSPACED}])\\u200B`,
].join('|');

const INVISIBLE = KINDS.map(([, characters]) => characters).join('');
const SUSPECT = new RegExp(`[${INVISIBLE}]`, 'u');
const FOUND = new RegExp(`${LEGITIMATE}|([${INVISIBLE}])`, 'gu');
const FOUND_RIGHT_TO_LEFT = new RegExp(
  `${LEGITIMATE}|(?<![${INVISIBLE}])[\\u061C\\u200E\\u200F](?![${INVISIBLE}])|([${INVISIBLE}])`,
  'gu',
);
const HAS_RIGHT_TO_LEFT = new RegExp(`[${RIGHT_TO_LEFT}]`, 'u');
const KIND_PATTERNS = KINDS.map(([kind, characters]) => [kind, new RegExp(`[${characters}]`, 'u')] as const);

function scripts(...codes: string[]): string {
  return codes.map(code => `\\p{Script=${code}}`).join('');
}

/** Characters that are looked at, and code points that are named: more make nothing clearer. */
const MAX_FOUND = 1000;
const MAX_NAMED = 3;

/**
 * What invisible characters a text has where no spelling needs them, as `2 Unicode tags (U+E0049, U+E0067)`;
 * `undefined` where there are none. Emoji, and joiners in Persian or Hindi words, are not meant. Linear in the text.
 */
export function invisibleCharacters(text: string): string | undefined {
  if (!SUSPECT.test(text)) return undefined;
  const pattern = HAS_RIGHT_TO_LEFT.test(text) ? FOUND_RIGHT_TO_LEFT : FOUND;
  const ofKinds = Object.entries(Object.groupBy(found(text, pattern), kindOf));
  return ofKinds.map(([kind, of = []]) => `${of.length} ${kind} (${named(of)})`).join(', ') || undefined;
}

function* found(text: string, pattern: RegExp): Generator<string> {
  let left = MAX_FOUND;
  for (const [, character] of text.matchAll(pattern)) {
    if (!character) continue;
    yield character;
    if (--left === 0) return;
  }
}

function kindOf(character: string): string {
  return KIND_PATTERNS.find(([, pattern]) => pattern.test(character))?.[0] ?? 'invisible characters';
}

function named(characters: readonly string[]): string {
  const points = [...new Set(characters)].map(
    character => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return [...points.slice(0, MAX_NAMED), ...(points.length > MAX_NAMED ? ['…'] : [])].join(', ');
}
