/**
 * All that a log line may tell beside its own words, and in which form: ids, names, codes and numbers. What is no
 * member of this list, or has another form, does not get into a log: no header, body, message or credential has one.
 */
const FIELDS = {
  accountId: 'word',
  associationId: 'word',
  serviceId: 'word',
  /** The name of a server. */
  server: 'word',
  operation: 'word',
  /** Of a validation. */
  step: 'word',
  status: 'word',
  code: 'word',
  /** The name of an error. */
  error: 'word',
  reason: 'word',
  requestId: 'word',
  /** Of the audit archive: `yyyy-mm-ddThh`. */
  hour: 'word',
  closed: 'number',
  open: 'number',
  gaps: 'number',
  events: 'number',
  late: 'number',
  durationMs: 'number',
  dropped: 'number',
  queued: 'number',
  records: 'number',
  tries: 'number',
} as const;

export type LogField = keyof typeof FIELDS;
export type LogFields = { readonly [field in LogField]?: string | number };

/** Where progress goes: events are words of the code, fields are chosen one by one. */
export type Log = (event: string, fields: LogFields) => void;

/** Ids, codes and names: short, without blanks, quotes and line ends. */
const WORD = /^[\w.:@-]{1,128}$/;
const WITHHELD = '[withheld]';

/** The fields that may be told. Types say the same, but values come from afar. */
export function chosen(fields: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      Object.hasOwn(FIELDS, name) && value !== undefined
        ? [[name, told(FIELDS[name as LogField], value)]]
        : [],
    ),
  );
}

function told(form: 'word' | 'number', value: unknown): string | number {
  if (typeof value === 'number') return value;
  return form === 'word' && typeof value === 'string' && WORD.test(value) ? value : WITHHELD;
}
