import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { useEvents } from '../api/events.ts';
import type { TrailEvent } from '../api/types.ts';
import { EntityTable, type EntityTableProps } from '../common/EntityTable.tsx';
import { audit as words } from '../strings/audit.ts';
import { eventColumns } from './eventColumns.tsx';

type Props = { events: ReturnType<typeof useEvents> } & Pick<
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
      {events.more && (
        <Box textAlign="center">
          <Button loading={events.loadingMore} onClick={events.loadMore}>
            {words.loadMore}
          </Button>
        </Box>
      )}
    </SpaceBetween>
  );
}
