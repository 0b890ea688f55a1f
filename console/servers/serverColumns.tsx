import type { TableProps } from '@cloudscape-design/components/table';
import { factsOf, statusesOf } from '../api/serverFacts.ts';
import type { RegisteredService } from '../api/types.ts';
import { dateTime } from '../common/format.ts';
import { PageLink } from '../common/links.tsx';
import { servers } from '../strings/servers.ts';
import { ServerStatuses } from './ServerStatus.tsx';
import { UsedBy } from './UsedBy.tsx';

export const serverColumns: TableProps.ColumnDefinition<RegisteredService>[] = [
  {
    id: 'name',
    header: servers.name,
    cell: service => <PageLink to={`/servers/${service.serviceId}`}>{service.name}</PageLink>,
    sortingField: 'name',
    isRowHeader: true,
  },
  {
    id: 'status',
    header: servers.status,
    cell: service => <ServerStatuses service={service} />,
    sortingComparator: (a, b) => statusesOf(a).join().localeCompare(statusesOf(b).join()),
  },
  { id: 'endpoint', header: servers.endpoint, cell: service => factsOf(service).endpoint, maxWidth: 360 },
  {
    id: 'method',
    header: servers.method,
    cell: service => servers.methods[factsOf(service).method],
    sortingComparator: (a, b) => factsOf(a).method.localeCompare(factsOf(b).method),
  },
  { id: 'usedBy', header: servers.usedBy, cell: service => <UsedBy serviceId={service.serviceId} /> },
  {
    id: 'tools',
    header: servers.tools,
    cell: service => service.toolCount ?? '-',
    sortingField: 'toolCount',
  },
  {
    id: 'lastChecked',
    header: servers.lastChecked,
    cell: ({ lastValidatedAt }) => (lastValidatedAt ? dateTime(lastValidatedAt) : servers.never),
    sortingField: 'lastValidatedAt',
  },
];
