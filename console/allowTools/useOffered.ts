import { useQuery } from '@tanstack/react-query';
import { useTools } from '../api/services.ts';
import type { ServiceTool, ValidationWarning } from '../api/types.ts';
import { useSigned } from '../session/SessionProvider.tsx';

interface Offered {
  tools: readonly ServiceTool[];
  warnings: readonly ValidationWarning[];
  checking: boolean;
  /** Why the server could not be asked now. */
  failure: unknown;
}

/** Told beside the names already. */
const OBSTACLES: readonly string[] = ['TOOL_NAME_TOO_LONG', 'TOOL_NAME_UNSUPPORTED'];

/** The tools that a server offers now, and what is to be said of them: what is allowed is confirmed as it is now. */
export function useOffered(serviceId: string): Offered {
  const { client } = useSigned();
  const check = useQuery({
    queryKey: ['service', serviceId, 'offered'],
    queryFn: async ({ signal }) => (await client.validateService({ serviceId }, { signal })).report,
    // One look for each visit: it reaches out to the server, and is counted.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const listing = useTools(serviceId, !check.isPending);
  const failed = check.data?.steps.find(({ status }) => status === 'failed');
  return {
    tools: listing.items,
    warnings: (check.data?.warnings ?? []).filter(({ code }) => !OBSTACLES.includes(code)),
    checking: check.isPending || listing.loading || listing.more === true,
    failure: check.error ?? listing.error ?? (failed ? `${failed.code}: ${failed.message}` : undefined),
  };
}
