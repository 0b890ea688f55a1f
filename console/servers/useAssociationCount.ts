import { useQuery } from '@tanstack/react-query';
import DataLoader from 'dataloader';
import type { SwitchboardClient } from '../../client/src/index.ts';
import { useSigned } from '../session/SessionProvider.tsx';

/** Servers of one request: more than a page of the table has. */
const AT_ONCE = 25;

const loaders = new WeakMap<SwitchboardClient, DataLoader<string, number | null>>();

/** Rows of a table each ask for their own count; what is asked for at the same moment is one request. */
function loaderOf(client: SwitchboardClient): DataLoader<string, number | null> {
  const known = loaders.get(client) ?? new DataLoader(load, { cache: false, maxBatchSize: AT_ONCE });
  loaders.set(client, known);
  return known;

  async function load(serviceIds: readonly string[]): Promise<(number | null)[]> {
    const { associationCounts } = await client.batchGetAssociationCounts({ serviceIds: [...serviceIds] });
    const counts = new Map(associationCounts.map(one => [one.serviceId, one.associationCount]));
    return serviceIds.map(id => counts.get(id) ?? null);
  }
}

/** How many spaces use a server; `null` where it is gone, nothing while it is not known. */
export function useAssociationCount(serviceId: string): number | null | undefined {
  const { client } = useSigned();
  const { data } = useQuery({
    queryKey: ['service', serviceId, 'use-count'],
    queryFn: () => loaderOf(client).load(serviceId),
    staleTime: 60_000,
  });
  return data;
}
