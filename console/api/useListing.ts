import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Listing } from '../common/EntityTable.tsx';

interface PageOf<T> {
  items: readonly T[];
  next?: string | undefined;
}

/**
 * A whole list, page by page: what has come is shown while the rest is on its way.
 * @param ask gets one page; `undefined` asks for the first
 * @param enabled nothing is asked for before it is true
 */
export function useListing<T>(
  key: QueryKey,
  ask: (nextToken: string | undefined, signal: AbortSignal) => Promise<PageOf<T>>,
  enabled = true,
): Listing<T> & { retry: () => void } {
  const query = useInfiniteQuery({
    queryKey: key,
    enabled,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
  });
  const { data, error, hasNextPage, isFetching, isPending, fetchNextPage, refetch } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const items = useMemo(() => data?.pages.flatMap(page => page.items) ?? [], [data]);
  return { items, loading: isPending, more: hasNextPage, error, retry: () => void refetch() };
}
