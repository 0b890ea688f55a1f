import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useParams } from 'react-router';
import { useEvents } from '../api/events.ts';
import type { TrailEvent } from '../api/types.ts';
import { CopyBlock } from '../common/CopyBlock.tsx';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { dateTime } from '../common/format.ts';
import { Loading } from '../common/Loading.tsx';
import { PageLink } from '../common/links.tsx';
import { Page } from '../common/Page.tsx';
import { audit as words } from '../strings/audit.ts';
import { recordOf } from './record.ts';

/** One event, with its whole record. */
export default function EventPage() {
  const { eventId = '' } = useParams();
  const { items, loading, error, retry } = useEvents({
    LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: eventId }],
  });
  const [event] = items;
  return (
    <Page title={event?.EventName ?? words.event} above={[['/audit', words.title]]}>
      <ErrorAlert error={error} onRetry={retry} />
      {loading && <Loading />}
      {!loading && !error && !event && <Box>{words.notFound}</Box>}
      {event && <Details event={event} />}
    </Page>
  );
}

function Details({ event }: { event: TrailEvent }) {
  const { sourceIPAddress = '-', errorCode = '-' } = recordOf(event);
  const items = [
    { label: words.time, value: dateTime(event.EventTime * 1000) },
    { label: words.user, value: event.Username ?? '-' },
    { label: words.source, value: sourceIPAddress },
    { label: words.error, value: errorCode },
    { label: words.readOnly, value: event.ReadOnly },
    { label: words.eventId, value: event.EventId },
    { label: words.resource, value: <Resources event={event} /> },
  ];
  return (
    <>
      <Container header={<Header variant="h2">{words.event}</Header>}>
        <KeyValuePairs columns={3} items={items} />
      </Container>
      <Container header={<Header variant="h2">{words.record}</Header>}>
        <CopyBlock text={JSON.stringify(JSON.parse(event.CloudTrailEvent), null, 2)} label={words.record} />
      </Container>
    </>
  );
}

/** Each leads to the history of the resource. */
function Resources({ event }: { event: TrailEvent }) {
  if (event.Resources.length === 0) return '-';
  return event.Resources.map(({ ResourceName = '' }) => (
    <div key={ResourceName}>
      <PageLink to={`/audit?attribute=ResourceName&value=${encodeURIComponent(ResourceName)}`}>
        {ResourceName}
      </PageLink>
    </div>
  ));
}
