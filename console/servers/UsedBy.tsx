import { PageLink } from '../common/links.tsx';
import { servers } from '../strings/servers.ts';
import { useAssociationCount } from './useAssociationCount.ts';

/** How many spaces use a server. Asked for by the rows that are shown alone, since the list does not tell it. */
export function UsedBy({ serviceId }: { serviceId: string }) {
  const count = useAssociationCount(serviceId);
  if (count === undefined) return <span aria-hidden="true">…</span>;
  if (count === null) return '-';
  return <PageLink to={`/servers/${serviceId}?tab=spaces`}>{servers.spacesCount(count)}</PageLink>;
}
