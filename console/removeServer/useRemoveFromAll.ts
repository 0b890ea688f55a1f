import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Output, SwitchboardError } from '../../client/src/index.ts';
import { useSigned } from '../session/SessionProvider.tsx';

export type Use = Output<'ListServiceAssociations'>['associations'][number];

/** Takes a server out of every space that uses it, one after the other. What fails does not stop the rest. */
export function useRemoveFromAll(serviceId: string, uses: readonly Use[]) {
  const { client } = useSigned();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  const [error, setError] = useState<unknown>();

  async function start(): Promise<void> {
    const total = uses.length;
    setError(undefined);
    setProgress({ done: 0, total });
    for (const [at, { agentSpaceId, associationId }] of uses.entries()) {
      try {
        await client.disassociateService({ agentSpaceId, associationId });
      } catch (failure) {
        // Someone else was faster.
        const isGone = failure instanceof SwitchboardError && failure.name === 'ResourceNotFoundException';
        if (!isGone) setError(failure);
      }
      setProgress({ done: at + 1, total });
    }
    await queries.invalidateQueries({ queryKey: ['service', serviceId] });
    await queries.invalidateQueries({ queryKey: ['space'] });
    setProgress(undefined);
  }

  return { start, progress, error };
}
