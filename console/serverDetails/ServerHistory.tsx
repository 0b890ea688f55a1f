import { useEvents } from '../api/events.ts';
import { EventsTable } from '../audit/EventsTable.tsx';
import { serverDetails as words } from '../strings/servers.ts';

/** The audit events of a server. */
export function ServerHistory({ serviceId }: { serviceId: string }) {
  const events = useEvents({
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: serviceId }],
  });
  return (
    <EventsTable
      title={words.tabs.history}
      events={events}
      empty={words.noEvents}
      emptyHelp={words.noEventsHelp}
    />
  );
}
