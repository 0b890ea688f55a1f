import type { TableProps } from '@cloudscape-design/components/table';
import type { TrailEvent } from '../api/types.ts';
import { dateTime } from '../common/format.ts';
import { PageLink } from '../common/links.tsx';
import { audit as words } from '../strings/audit.ts';
import { recordOf } from './record.ts';

/** LookupEvents tells times in epoch seconds. */
export const eventColumns: TableProps.ColumnDefinition<TrailEvent>[] = [
  {
    id: 'name',
    header: words.name,
    cell: event => (
      <PageLink to={`/audit/${event.EventId}`} ariaLabel={words.view(event.EventName)}>
        {event.EventName}
      </PageLink>
    ),
    isRowHeader: true,
  },
  {
    id: 'time',
    header: words.time,
    cell: event => dateTime(event.EventTime * 1000),
    sortingField: 'EventTime',
  },
  { id: 'user', header: words.user, cell: event => event.Username ?? '-' },
  { id: 'source', header: words.source, cell: event => recordOf(event).sourceIPAddress ?? '-' },
  {
    id: 'resource',
    header: words.resource,
    cell: event => event.Resources.map(({ ResourceName }) => ResourceName).join(', ') || '-',
    maxWidth: 320,
  },
  { id: 'error', header: words.error, cell: event => recordOf(event).errorCode ?? '-' },
];
