import { useQueries, useQuery } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';
import type { RegisteredService } from './types.ts';
import { useListing } from './useListing.ts';

/** Every registered server of the account. */
export function useServices() {
  const { client } = useSigned();
  return useListing(['services'], async (nextToken, signal) => {
    const { services, nextToken: next } = await client.listServices(
      { maxResults: 100, ...(nextToken && { nextToken }) },
      { signal },
    );
    return { items: services, next };
  });
}

/** One server; not asked for until `enabled`. */
export function useService(serviceId: string, enabled = true) {
  const { client } = useSigned();
  return useQuery({
    enabled,
    queryKey: ['service', serviceId],
    queryFn: ({ signal }) => client.getService({ serviceId }, { signal }),
  });
}

/** Servers by their ids, as far as they are known. */
export function useServicesOf(
  serviceIds: readonly string[],
): ReadonlyMap<string, RegisteredService | undefined> {
  const { client } = useSigned();
  const found = useQueries({
    queries: serviceIds.map(serviceId => ({
      queryKey: ['service', serviceId],
      queryFn: () => client.getService({ serviceId }),
    })),
  });
  return new Map(serviceIds.map((id, at) => [id, found[at]?.data?.service]));
}

/** The tools that a server offered when it was last asked. */
export function useTools(serviceId: string, enabled = true) {
  const { client } = useSigned();
  return useListing(
    ['service', serviceId, 'tools'],
    async (nextToken, signal) => {
      const page = { serviceId, maxResults: 100, ...(nextToken && { nextToken }) };
      const { tools, nextToken: next } = await client.listServiceTools(page, { signal });
      return { items: tools, next };
    },
    enabled,
  );
}

/** The agent spaces that use a server. */
export function useUses(serviceId: string) {
  const { client } = useSigned();
  return useListing(['service', serviceId, 'uses'], async (nextToken, signal) => {
    const page = { serviceId, maxResults: 100, ...(nextToken && { nextToken }) };
    const { associations, nextToken: next } = await client.listServiceAssociations(page, { signal });
    return { items: associations, next };
  });
}
