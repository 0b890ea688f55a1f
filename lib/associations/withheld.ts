/** Why agents do not get a tool. The first two are of pinned tools, the others of tools that `*` could not let in. */
export type WithheldReason = 'CHANGED' | 'REMOVED' | 'NAME_TOO_LONG' | 'NAME_UNSUPPORTED' | 'QUOTA';

/** A tool that agents do not get for now. */
export interface WithheldTool {
  name: string;
  reason: WithheldReason;
  /** Of a `CHANGED` tool: how the fingerprint of what the server offers begins, to tell a further change. */
  offered?: string;
}
