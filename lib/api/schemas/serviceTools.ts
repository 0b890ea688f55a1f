import * as z from 'zod';
import { Document, Timestamp } from './common.ts';
import { NextToken } from './paging.ts';

export const ToolAnnotations = z
  .object({
    title: z.string().optional(),
    readOnlyHint: z.boolean().optional(),
    destructiveHint: z.boolean().optional(),
    idempotentHint: z.boolean().optional(),
    openWorldHint: z.boolean().optional(),
  })
  .meta({ id: 'ToolAnnotations' });

export const ToolFingerprint = z.string().meta({ id: 'ToolFingerprint' });

export const ServiceTool = z
  .object({
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    inputSchema: Document.optional(),
    outputSchema: Document.optional(),
    annotations: ToolAnnotations.optional(),
    fingerprint: ToolFingerprint,
  })
  .meta({ id: 'ServiceTool' });

export const ServiceToolsPage = z.object({
  tools: z.array(ServiceTool).meta({ id: 'ServiceToolsList' }),
  refreshedAt: Timestamp,
  nextToken: NextToken.optional(),
});
