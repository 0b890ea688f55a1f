import type { TrailEvent } from '../api/types.ts';
import { recordOf } from './record.ts';

/** The records of events, as CloudTrail's own files hold them. */
export function eventsAsJson(events: readonly TrailEvent[]): string {
  return JSON.stringify(
    { Records: events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent)) },
    null,
    2,
  );
}

const COLUMNS: Readonly<Record<string, (event: TrailEvent) => string>> = {
  'Event time': ({ EventTime }) => new Date(EventTime * 1000).toISOString(),
  'Event name': ({ EventName }) => EventName,
  'Event ID': ({ EventId }) => EventId,
  'User name': ({ Username = '' }) => Username,
  'Access key ID': ({ AccessKeyId = '' }) => AccessKeyId,
  'Source IP address': event => recordOf(event).sourceIPAddress ?? '',
  'Event source': ({ EventSource }) => EventSource,
  Resources: ({ Resources }) => Resources.map(({ ResourceName }) => ResourceName).join(' '),
  'Error code': event => recordOf(event).errorCode ?? '',
  'Read-only': ({ ReadOnly }) => ReadOnly,
};

/** One line for each event (RFC 4180). */
export function eventsAsCsv(events: readonly TrailEvent[]): string {
  const rows = events.map(event => Object.values(COLUMNS).map(read => read(event)));
  return [Object.keys(COLUMNS), ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Spreadsheets calculate what begins like a formula; names in it are other people's. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
