/** Why agents do not get a tool. The first two are of pinned tools, the others of tools that `*` could not let in. */
export type WithheldReason = 'CHANGED' | 'REMOVED' | 'NAME_TOO_LONG' | 'NAME_UNSUPPORTED' | 'QUOTA';

/** A tool that agents do not get for now. */
export interface WithheldTool {
  name: string;
  reason: WithheldReason;
  /** Of a `CHANGED` tool: how the fingerprint of what the server offers begins, to tell a further change. */
  offered?: string;
}

/** What each reason means, and what to do. */
export const WITHHELD_MESSAGES: Readonly<Record<WithheldReason, string>> = {
  CHANGED:
    'The server has changed its definition since it was confirmed. ListAssociationTools shows both definitions; UpdateAssociation confirms the new one.',
  REMOVED:
    'The server does not offer it any more. It comes back by itself with the definition that was confirmed; UpdateAssociation without it (or with * again) gives it up.',
  NAME_TOO_LONG:
    'Agents would see <server-name>_<tool-name> with more than 64 characters. Register the server under a shorter name.',
  NAME_UNSUPPORTED:
    'Agents accept names of 1 to 128 letters, digits, _ and -. Rename the tool on the server.',
  QUOTA:
    'The space, or the association, allows as many tools as it may (QUOTA_TOOLS_PER_SPACE). Allow fewer, or raise the quota, then call UpdateAssociation.',
};

/** Whether it is a pinned tool that is withheld: its name is one that agents know. */
export function isOfPinned({ reason }: WithheldTool): boolean {
  return reason === 'CHANGED' || reason === 'REMOVED';
}
