import { useInfiniteQuery } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';
import { onDemand } from './onDemand.ts';
import type { EventFilter } from './types.ts';

/** Events that match, newest first, a page at a time: a trail has no end. */
export function useEvents(filter: EventFilter) {
  const { client } = useSigned();
  const query = useInfiniteQuery({
    queryKey: ['events', filter],
    queryFn: ({ pageParam, signal }) =>
      client.lookupEvents(
        { ...filter, MaxResults: 50, ...(pageParam && { NextToken: pageParam }) },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.NextToken,
  });
  return onDemand(query, page => page.Events);
}
