import { useQuery } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';
import type { Calls, Invocation } from './types.ts';

/** What a chart counts: the API tells calls one by one. */
export const MAX_COUNTED = 2_000;

/** The latest calls of a space within some hours, newest first. */
export function useCalls(agentSpaceId: string | undefined, serviceId: string, hours: number) {
  const { client } = useSigned();
  return useQuery({
    queryKey: ['calls', agentSpaceId, serviceId, hours],
    enabled: agentSpaceId !== undefined,
    queryFn: async ({ signal }): Promise<Calls> => {
      const to = Date.now();
      const from = to - hours * 3_600_000;
      const range = { startTime: new Date(from).toISOString(), endTime: new Date(to).toISOString() };
      const wanted = {
        agentSpaceId: agentSpaceId ?? '',
        maxResults: 100,
        ...range,
        ...(serviceId && { serviceId }),
      };
      const calls: Invocation[] = [];
      for await (const call of client.paginate('listInvocations', wanted, { signal })) {
        if (calls.length === MAX_COUNTED) return { calls, from, to, partial: true };
        calls.push(call);
      }
      return { calls, from, to, partial: false };
    },
  });
}
