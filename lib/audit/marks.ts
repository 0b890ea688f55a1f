/** What AWS writes in place of a sensitive member. */
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Says that something was left out: at the end of a string or list, or as the name of a member. */
export const ELLIPSIS = '…';

/** A string in at most `max` UTF-16 units, marked where it was cut. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max).toWellFormed()}${ELLIPSIS}`;
}
