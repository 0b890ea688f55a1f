/** An hour in UTC as `yyyy-mm-ddThh`: what the positions of its events begin with. Sorts as text. */
export type Hour = string;

export const HOUR_MS = 3_600_000;

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}$/;

/** The hour that a moment (epoch milliseconds) is in. */
export function hourAt(ms: number): Hour {
  return new Date(ms).toISOString().slice(0, 13);
}

/** When an hour begins, epoch milliseconds. @throws Error if it is none */
export function startOf(hour: Hour): number {
  const ms = FORM.test(hour) ? Date.parse(`${hour}:00:00.000Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new Error(`"${hour}" is no hour.`);
  return ms;
}

export function nextHour(hour: Hour): Hour {
  return hourAt(startOf(hour) + HOUR_MS);
}

/** The hours from one to another, both included. */
export function* hoursBetween(first: Hour, last: Hour): Generator<Hour> {
  for (let hour = first; hour <= last; hour = nextHour(hour)) yield hour;
}
