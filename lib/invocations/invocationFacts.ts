import type * as z from 'zod';
import type { ToolClassification } from '../api/schemas/associations.ts';
import type { InvocationOutcome } from '../api/schemas/invocations.ts';
import type { Caller } from '../identity/caller.ts';

/** What is recorded of one tool call. Arguments and results are not among it, and there is no member to put them in. */
export interface InvocationFacts {
  /** Twelve digits: whose space it is. */
  accountId: string;
  agentSpaceId: string;
  /** The name that the agent asked for, whether or not there is such a tool. */
  visibleName: string;
  /** The server that the name leads to; this and the next three are left out where it leads to none. */
  serviceId?: string;
  serverName?: string;
  /** The server's URL. */
  endpoint?: string;
  /** The tool's name as the server knows it. */
  toolName?: string;
  /** Left out where there is no such tool. */
  classification?: z.output<typeof ToolClassification>;
  caller: Caller;
  requestId: string;
  /** When the call ended, epoch milliseconds: CloudTrail's `eventTime` is that of completion. */
  at: number;
  durationMs: number;
  outcome: z.output<typeof InvocationOutcome>;
  /** Why it did not succeed, in words of ours: never a server's text that was not scrubbed. */
  failure?: { code: string; message: string };
}
