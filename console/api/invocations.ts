import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';
import { onDemand } from './onDemand.ts';
import type { CallCount, Counts } from './types.ts';

/** Requests that one chart asks for at most: each reads thousands of counters. */
const MAX_PAGES = 10;
const HOUR = 3_600_000;
/** Hours from which on a chart has a bar for each day. */
const DAYS_FROM = 168;

/** How many calls a space had in each hour, or day, of a range that ends now. */
export function useCounts(agentSpaceId: string | undefined, serviceId: string, hours: number) {
  const { client } = useSigned();
  return useQuery({
    queryKey: ['calls', agentSpaceId, serviceId, hours, 'counts'],
    enabled: agentSpaceId !== undefined,
    queryFn: async ({ signal }): Promise<Counts> => {
      const period = hours < DAYS_FROM ? 'HOUR' : 'DAY';
      const to = Date.now();
      const from = to - hours * HOUR;
      const wanted = { ...askFor(agentSpaceId, serviceId, from, to), period, maxResults: 100 } as const;
      const counts: CallCount[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const more = nextToken === undefined ? {} : { nextToken };
        const answer = await client.listInvocationCounts({ ...wanted, ...more }, { signal });
        counts.push(...answer.invocationCounts);
        nextToken = answer.nextToken;
        if (nextToken === undefined) break;
      }
      return { counts, from, to, period, isCut: nextToken !== undefined };
    },
  });
}

/** The latest calls of a space within some hours, newest first, a page at a time. */
export function useCalls(agentSpaceId: string | undefined, serviceId: string, hours: number) {
  const { client } = useSigned();
  const query = useInfiniteQuery({
    queryKey: ['calls', agentSpaceId, serviceId, hours],
    enabled: agentSpaceId !== undefined,
    // All pages are of one range.
    initialPageParam: { to: Date.now(), nextToken: undefined as string | undefined },
    queryFn: async ({ pageParam: { to, nextToken }, signal }) => {
      const wanted = { ...askFor(agentSpaceId, serviceId, to - hours * HOUR, to), maxResults: 50 };
      const answer = await client.listInvocations({ ...wanted, ...(nextToken && { nextToken }) }, { signal });
      return { ...answer, to };
    },
    getNextPageParam: ({ to, nextToken }) => (nextToken === undefined ? undefined : { to, nextToken }),
  });
  return onDemand(query, page => page.invocations);
}

function askFor(agentSpaceId = '', serviceId: string, from: number, to: number) {
  return {
    agentSpaceId,
    startTime: new Date(from).toISOString(),
    endTime: new Date(to).toISOString(),
    ...(serviceId && { serviceId }),
  };
}
