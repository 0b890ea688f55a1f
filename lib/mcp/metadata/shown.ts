import type { Place } from './toolStrings.ts';

/** Makes a server's words fit to be shown. */
export type Show = (text: string) => string;

/** Characters of a place, and of one of its segments: enough to find it, too few to say anything. */
const MAX_PLACE = 120;
const MAX_SEGMENT = 40;
/** Characters of a tool's name: all that a name which may be allowed can have. */
const MAX_NAME = 128;
/** Names in one warning that counts the rest. */
const MAX_NAMES = 10;

/** A place in a definition like a JSON Pointer, bounded. */
export function placeShown(place: Place | undefined, show: Show): string {
  const segments: string[] = [];
  for (let at = place; at; at = at.within) segments.unshift(`/${cut(show(at.key), MAX_SEGMENT)}`);
  return cut(segments.join(''), MAX_PLACE);
}

/** A tool's name, bounded. */
export function nameShown(name: string, show: Show): string {
  return cut(show(name), MAX_NAME);
}

/** The first names of a list, and how many there are beside. */
export function namesShown(names: readonly string[], show: Show): string {
  const shown = names.slice(0, MAX_NAMES).map(name => nameShown(name, show));
  const beside = names.length - shown.length;
  return shown.join(', ') + (beside > 0 ? ` and ${beside} more` : '');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
