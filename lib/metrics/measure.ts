/** One thing that happened, as whoever runs Switchboard counts it. Names of people, tools and servers' words are none of it. */
export type Sample =
  | { kind: 'call'; operation: string; access: 'read' | 'write' | 'open'; ms: number; outcome: CallOutcome }
  | { kind: 'gatewayCall'; agentSpaceId: string; serverName: string; ms: number; failed: boolean }
  | { kind: 'validation'; source: 'request' | 'health'; valid: boolean }
  | { kind: 'tokenRefresh'; ok: boolean }
  | { kind: 'drift'; event: string; tools: number };

export type CallOutcome = 'success' | 'clientError' | 'serverError';

/** Takes a sample. Never fails, and never waits. */
export type Measure = (sample: Sample) => void;

/** The outcome that a status tells of. */
export function outcomeOf(status: number): CallOutcome {
  if (status >= 500) return 'serverError';
  return status >= 400 ? 'clientError' : 'success';
}
