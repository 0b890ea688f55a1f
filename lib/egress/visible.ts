/** Controls, bidi and other invisible characters, lone surrogates, private use, and spaces that are not told apart. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]|[^\S ]|(?<= ) /gu;

/** A server's text with what people cannot see spelt out, as `\u{200b}`: for telling two texts apart. */
export function visible(text: string): string {
  return text.replace(hidden, character => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
