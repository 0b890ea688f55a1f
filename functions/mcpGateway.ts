import { gateway } from '../lib/deps/gateway.ts';
import { provided } from '../lib/deps/provided.ts';
import { agentHandler } from '../lib/gateway/functionUrl.ts';

/** The agents' endpoint, behind streaming function URLs: one open to access tokens, one with IAM authorization. */
export const handler = agentHandler(gateway, () => provided.flushInvocationsEveryMs === undefined);
