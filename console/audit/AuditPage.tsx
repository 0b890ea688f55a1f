import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useEvents } from '../api/events.ts';
import type { EventFilter } from '../api/types.ts';
import { Page } from '../common/Page.tsx';
import { audit as words } from '../strings/audit.ts';
import { AuditFilters } from './AuditFilters.tsx';
import { EventsTable } from './EventsTable.tsx';
import { boundsOf, type Range } from './range.ts';
import { type ExportFormat, useExport } from './useExport.ts';

type AttributeKey = keyof typeof words.attributes;

/** The event history. Its filter is part of the address, and can be sent to others. */
export default function AuditPage() {
  const [query, setQuery] = useSearchParams();
  const attribute = query.get('attribute') ?? '';
  const value = query.get('value') ?? '';
  const [range, setRange] = useState<Range>(null);
  // Relative ranges begin when they are chosen: the pages of a list must be of one range.
  const [bounds, setBounds] = useState<Pick<EventFilter, 'StartTime' | 'EndTime'>>({});
  const lookUp =
    attribute in words.attributes && value
      ? { LookupAttributes: [{ AttributeKey: attribute as AttributeKey, AttributeValue: value }] }
      : {};
  const filter = { ...lookUp, ...bounds };
  const events = useEvents(filter);
  const { save, saving } = useExport(filter);
  return (
    <Page title={words.title} plain>
      <EventsTable
        title={words.title}
        heading="h1"
        description={words.description}
        events={events}
        empty={words.empty}
        emptyHelp={words.emptyHelp}
        filters={
          <AuditFilters
            attribute={attribute}
            value={value}
            onFilter={(key, text) => setQuery(key && text ? { attribute: key, value: text } : {})}
            range={range}
            onRange={next => {
              setRange(next);
              setBounds(boundsOf(next, Date.now()));
            }}
          />
        }
        actions={
          <ButtonDropdown
            items={[
              { id: 'csv', text: words.exportCsv, description: words.exportHelp },
              { id: 'json', text: words.exportJson, description: words.exportHelp },
            ]}
            loading={saving}
            disabled={events.items.length === 0}
            onItemClick={({ detail }) => save(detail.id as ExportFormat)}
          >
            {words.export}
          </ButtonDropdown>
        }
      />
    </Page>
  );
}
