import { accessTokenResource } from '../../lib/identity/arn.ts';
import type { InvocationFacts } from '../../lib/invocations/invocationFacts.ts';

const ACCOUNT = '111122223333';

/** A call by token that went well, as a gateway tells of it. */
export function factsOf(changes: Partial<InvocationFacts> = {}): InvocationFacts {
  const { accountId = ACCOUNT, agentSpaceId = 'space-1' } = changes;
  const { arn } = accessTokenResource({ region: 'us-east-1', accountId }, agentSpaceId, 'tok-1');
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
      accountId,
      type: 'AccessToken',
      arn,
      principalId: 'tok-1',
      accessKeyId: 'tok-1',
      userName: 'night shift',
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
