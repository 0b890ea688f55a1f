import SpaceBetween from '@cloudscape-design/components/space-between';
import type { OnDemand } from '../api/onDemand.ts';
import type { TrailEvent } from '../api/types.ts';
import { EntityTable, type EntityTableProps } from '../common/EntityTable.tsx';
import { LoadMore } from '../common/LoadMore.tsx';
import { audit as words } from '../strings/audit.ts';
import { eventColumns } from './eventColumns.tsx';

type Props = { events: OnDemand<TrailEvent> } & Pick<
  EntityTableProps<TrailEvent>,
  'title' | 'heading' | 'description' | 'empty' | 'emptyHelp' | 'actions' | 'filters'
>;

/** Events of the trail, with more of them on demand. */
export function EventsTable({ events, ...table }: Props) {
  return (
    <SpaceBetween size="s">
      <EntityTable
        {...table}
        listing={events}
        columns={eventColumns}
        keyOf={event => event.EventId}
        pageSize={50}
      />
      <LoadMore list={events} text={words.loadMore} />
    </SpaceBetween>
  );
}
