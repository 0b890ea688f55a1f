const DATE_TIME = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** A time as people read it, in their own zone; ISO 8601 or epoch milliseconds. */
export function dateTime(time: string | number): string {
  return DATE_TIME.format(new Date(time));
}
