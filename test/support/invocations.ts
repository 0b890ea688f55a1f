import { accessTokenIdentity } from '../../lib/identity/accessTokenIdentity.ts';
import type { InvocationFacts } from '../../lib/invocations/invocationFacts.ts';

const ACCOUNT = '111122223333';

/** A call by token that went well, as a gateway tells of it. */
export function factsOf(changes: Partial<InvocationFacts> = {}): InvocationFacts {
  const { accountId = ACCOUNT, agentSpaceId = 'space-1' } = changes;
  const place = { region: 'us-east-1', accountId, agentSpaceId };
  return {
    accountId,
    agentSpaceId,
    visibleName: 'notes_search',
    serviceId: 'mcpserver-1',
    serverName: 'notes',
    endpoint: 'https://notes.example.com/mcp',
    toolName: 'search',
    classification: 'READ_ONLY',
    caller: {
      ...accessTokenIdentity(place, { tokenId: 'tok-1', name: 'night shift' }),
      sourceIp: '192.0.2.7',
      userAgent: 'agent/1.0',
    },
    requestId: 'request-1',
    at: Date.now(),
    durationMs: 12,
    outcome: 'success',
    ...changes,
  };
}
