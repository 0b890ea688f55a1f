import * as z from 'zod';
import { Document } from './common.ts';
import { ToolFingerprint } from './serviceTools.ts';

/** Why a tool that was confirmed is withheld. */
export const ConfirmedToolReason = z.enum(['CHANGED', 'REMOVED']).meta({ id: 'ConfirmedToolReason' });

/** A whole definition as the server gave it, but for `_meta`; left out where it is too long to be shown. */
const definitionMembers = { fingerprint: ToolFingerprint, definition: Document.optional() };

export const AssociationTools = z
  .array(
    z
      .object({
        name: z.string(),
        ...definitionMembers,
        withheldReason: ConfirmedToolReason.optional(),
        offered: z.object(definitionMembers).meta({ id: 'OfferedDefinition' }).optional(),
      })
      .meta({ id: 'AssociationTool' }),
  )
  .meta({ id: 'AssociationToolsList' });
