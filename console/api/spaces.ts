import { useQuery } from '@tanstack/react-query';
import { useSigned } from '../session/SessionProvider.tsx';
import { useListing } from './useListing.ts';

/** Every agent space of the account. */
export function useSpaces() {
  const { client } = useSigned();
  return useListing(['spaces'], async (nextToken, signal) => {
    const page = { maxResults: 100, ...(nextToken && { nextToken }) };
    const { agentSpaces, nextToken: next } = await client.listAgentSpaces(page, { signal });
    return { items: agentSpaces, next };
  });
}

export function useSpace(agentSpaceId: string) {
  const { client } = useSigned();
  return useQuery({
    queryKey: ['space', agentSpaceId],
    queryFn: ({ signal }) => client.getAgentSpace({ agentSpaceId }, { signal }),
  });
}

/** The servers that a space is connected to. */
export function useAssociations(agentSpaceId: string) {
  const { client } = useSigned();
  return useListing(['space', agentSpaceId, 'associations'], async (nextToken, signal) => {
    const page = { agentSpaceId, maxResults: 100, ...(nextToken && { nextToken }) };
    const { associations, nextToken: next } = await client.listAssociations(page, { signal });
    return { items: associations, next };
  });
}

/** The tools of an association whose definitions the server changed since they were confirmed. */
export function useChangedTools(agentSpaceId: string, associationId: string, enabled: boolean) {
  const { client } = useSigned();
  const key = ['space', agentSpaceId, 'association', associationId, 'changed'];
  return useListing(
    key,
    async (nextToken, signal) => {
      const wanted = {
        agentSpaceId,
        associationId,
        filterWithheldReason: 'CHANGED',
        maxResults: 100,
      } as const;
      const { tools, nextToken: next } = await client.listAssociationTools(
        { ...wanted, ...(nextToken && { nextToken }) },
        { signal },
      );
      return { items: tools, next };
    },
    enabled,
  );
}

export function useAccessTokens(agentSpaceId: string) {
  const { client } = useSigned();
  return useListing(['space', agentSpaceId, 'tokens'], async (nextToken, signal) => {
    const page = { agentSpaceId, maxResults: 100, ...(nextToken && { nextToken }) };
    const { accessTokens, nextToken: next } = await client.listAccessTokens(page, { signal });
    return { items: accessTokens, next };
  });
}
