/** What begins a sequence (ECMA-48, 5.3): ESC, or one character instead of it and the next (CSI, OSC, DCS, …). */
const ESCAPE = '\u001B';
const SHORT_ESCAPE = /\u009B[0-?]*[ -/]*[@-~]|[\u0090\u0098\u009D-\u009F]/;

/** Whether a text has terminal escapes: they overwrite, hide and recolour what a person sees of it. */
export function hasAnsiEscapes(text: string): boolean {
  return text.includes(ESCAPE) || SHORT_ESCAPE.test(text);
}

/** A comment of HTML, or the two that Markdown knows: not shown where a text is rendered, and read by models. */
const COMMENT = /<!--|^[ \t]{0,3}\[[^\]\n]{1,40}\]:[ \t]*(?:#|<>)[ \t]*["'(]/m;

/** Whether a text has a comment that renders to nothing. */
export function hasComment(text: string): boolean {
  return COMMENT.test(text);
}
