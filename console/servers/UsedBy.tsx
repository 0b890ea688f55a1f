import { useQuery } from '@tanstack/react-query';
import { PageLink } from '../common/links.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { servers } from '../strings/servers.ts';

/** How many spaces use a server. Asked for by the rows that are shown alone, since the list does not tell it. */
export function UsedBy({ serviceId }: { serviceId: string }) {
  const { client } = useSigned();
  const { data } = useQuery({
    queryKey: ['service', serviceId, 'use-count'],
    queryFn: ({ signal }) => client.listServiceAssociations({ serviceId, maxResults: 100 }, { signal }),
    staleTime: 60_000,
  });
  if (!data) return <span aria-hidden="true">…</span>;
  return (
    <PageLink to={`/servers/${serviceId}?tab=spaces`}>
      {servers.spacesCount(data.associations.length, data.nextToken !== undefined)}
    </PageLink>
  );
}
