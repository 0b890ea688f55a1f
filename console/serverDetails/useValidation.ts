import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';

/** Validates a server; every part of a page that shows it sees the same, latest run. */
export function useValidation(serviceId: string) {
  const { client } = useSigned();
  const queries = useQueryClient();
  const mutationKey = ['validate', serviceId];
  const { mutate } = useMutation({
    mutationKey,
    mutationFn: (validationId: string) => client.validateService({ serviceId, validationId }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['service', serviceId] }),
  });
  const runs = useMutationState({ filters: { mutationKey }, select: ({ state }) => state });
  const last = runs.at(-1);
  return {
    validate: () => mutate(crypto.randomUUID()),
    running: last?.status === 'pending',
    validationId: last?.variables as string | undefined,
    error: last?.error,
    report: (last?.data as Awaited<ReturnType<typeof client.validateService>> | undefined)?.report,
  };
}
