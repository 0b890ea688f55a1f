import { useInfiniteQuery } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';
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
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return {
    items: data?.pages.flatMap(page => page.Events) ?? [],
    loading: isPending,
    error,
    more: hasNextPage,
    retry: () => void refetch(),
    loadMore: () => void fetchNextPage(),
    loadingMore: isFetchingNextPage,
  };
}
