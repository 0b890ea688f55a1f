import { handler } from '../../functions/mcpGateway.ts';
import type { Deps } from '../../lib/context.ts';
import { gateway } from '../../lib/deps/gateway.ts';
import type { AgentOptions } from '../http/agents.ts';
import type { CallerOptions } from '../http/pipeline.ts';
import { recordDeniedAgent } from '../recordRefusals.ts';
import { repeat } from '../repeat.ts';

/** How often sessions with servers that nobody uses any more are looked for, and refused callers recorded. */
const SETTLE_MS = 30_000;

/** The agents' endpoint of a process, served by the same function as on AWS. */
export function agentsEndpoint(callers: CallerOptions, deps: Deps): AgentOptions {
  return {
    ...callers,
    handler,
    onDenied: call => recordDeniedAgent(call, deps),
    knows: head => gateway().knows(head),
  };
}

/** Ends what the endpoint leaves behind, again and again; a Lambda function does so after each request. */
export function keepSettled(): { stop(): Promise<void> } {
  return repeat(SETTLE_MS, () => gateway().settle());
}
