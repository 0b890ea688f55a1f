import { useQueries } from '@tanstack/react-query';
import { useAssociations } from '../api/spaces.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { toolsOf } from './selection.ts';

/** How many tools a space may allow, and how many its other servers have. Of a server that all is allowed of, all counts. */
export function useQuota(agentSpaceId: string, serviceId: string): { quota: number; elsewhere: number } {
  const { client, config } = useSigned();
  const others = useAssociations(agentSpaceId).items.filter(one => one.serviceId !== serviceId);
  const whole = others.filter(one => toolsOf(one).tools.includes('*'));
  const counts = useQueries({
    queries: whole.map(one => ({
      queryKey: ['service', one.serviceId],
      queryFn: () => client.getService({ serviceId: one.serviceId }),
    })),
  });
  const named = others.flatMap(one => toolsOf(one).tools.filter(name => name !== '*')).length;
  const all = counts.reduce((sum, { data }) => sum + (data?.service.toolCount ?? 0), 0);
  return { quota: config.toolsPerSpace, elsewhere: named + all };
}
