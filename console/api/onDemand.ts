import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Listing } from '../common/EntityTable.tsx';

/** A list without end, whose next page comes when somebody asks for it. */
export interface OnDemand<T> extends Listing<T> {
  retry: () => void;
  loadMore: () => void;
  loadingMore: boolean;
}

/** What a table needs of a query that has pages. */
export function onDemand<Page, T>(
  query: UseInfiniteQueryResult<InfiniteData<Page, unknown>>,
  itemsOf: (page: Page) => readonly T[],
): OnDemand<T> {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return {
    items: data?.pages.flatMap(page => [...itemsOf(page)]) ?? [],
    loading: isPending,
    error,
    more: hasNextPage,
    retry: () => void refetch(),
    loadMore: () => void fetchNextPage(),
    loadingMore: isFetchingNextPage,
  };
}
