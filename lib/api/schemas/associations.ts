import * as z from 'zod';
import { SENSITIVE, Timestamp, taggedUnion } from './common.ts';
import { AgentSpaceId, AssociationId, ServiceId } from './ids.ts';
import { ValidationStatus } from './states.ts';

const ToolName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_-]+$/, 'may hold letters, digits, _ and -')
  .meta({ id: 'MCPToolName' });

/** `*` stands for every tool, present and future; it is beyond the public pattern (a documented deviation). */
const MCPToolsList = z
  .array(z.string().regex(/^(\*|[a-zA-Z0-9_-]+)$/, 'must be a tool name, or * for all tools'))
  .max(5000)
  .meta({ id: 'MCPToolsList' });

export const ToolClassification = z
  .enum(['READ_ONLY', 'MUTATIVE', 'DESTRUCTIVE'])
  .meta({ id: 'ToolClassification' });

const MCPToolDetailsList = z
  .array(
    z
      .strictObject({ name: ToolName, toolClassification: ToolClassification.optional() })
      .meta({ id: 'MCPToolDetail' }),
  )
  .max(500)
  .meta({ id: 'MCPToolDetailsList' });

const toolsConfiguration = (id: string) =>
  z.strictObject({ tools: MCPToolsList, toolDetails: MCPToolDetailsList.optional() }).meta({ id });

/**
 * Definitions as whoever allows their tools has seen them (`fingerprint` of ListServiceTools). As many as a space may allow
 * by default: what is asked for by name fits.
 */
export const ExpectedFingerprints = z
  .array(
    z
      .strictObject({
        name: ToolName,
        fingerprint: z
          .string()
          .regex(
            /^[0-9a-f]{64}$/,
            'must be a fingerprint from ListServiceTools: 64 digits and letters from a to f',
          )
          .meta({ id: 'ExpectedToolFingerprint' }),
      })
      .meta({ id: 'ExpectedFingerprint' }),
  )
  .max(500)
  .meta({ id: 'ExpectedFingerprintsList' });

export const ServiceConfiguration = taggedUnion('ServiceConfiguration', {
  mcpserver: toolsConfiguration('MCPServerConfiguration'),
  mcpserversigv4: toolsConfiguration('MCPServerSigV4Configuration'),
});

const TriggerFilterGroup = z
  .strictObject({
    events: z
      .array(z.enum(['PULL_REQUEST_READY_FOR_REVIEW', 'PULL_REQUEST_DRAFT']).meta({ id: 'TriggerEvent' }))
      .min(1)
      .max(10)
      .optional(),
    targetBranches: z
      .strictObject({
        patterns: z
          .array(
            z
              .string()
              .min(1)
              .max(256)
              // biome-ignore lint/suspicious/noControlCharactersInRegex: the API's own pattern
              .regex(/^[^\x00-\x1F\x7F-\x9F]+$/),
          )
          .min(1)
          .max(20),
      })
      .meta({ id: 'PatternFilter' })
      .optional(),
  })
  .meta({ id: 'TriggerFilterGroup' });

export const AssociationCapabilities = z
  .partialRecord(
    z.enum(['RELEASE_READINESS_REVIEW', 'RELEASE_READINESS_REVIEW_AUTOMATED_TESTING']),
    z
      .strictObject({
        enabled: z.boolean().optional(),
        triggerFilterGroups: z.array(TriggerFilterGroup).min(1).max(5).optional(),
      })
      .meta({ id: 'CapabilityConfiguration' }),
  )
  .meta({ id: 'AssociationCapabilities' });

const WithheldReason = z
  .enum(['CHANGED', 'REMOVED', 'NAME_TOO_LONG', 'NAME_UNSUPPORTED', 'QUOTA'])
  .meta({ id: 'WithheldReason' });

/** A tool that agents do not get for now, why, and what to do. */
export const WithheldTool = z
  .object({
    name: z.string(),
    reason: WithheldReason,
    message: z.string(),
  })
  .meta({ id: 'WithheldTool' });

export const Association = z
  .object({
    agentSpaceId: AgentSpaceId,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    status: ValidationStatus.optional(),
    associationId: AssociationId,
    serviceId: ServiceId,
    configuration: ServiceConfiguration,
    capabilities: AssociationCapabilities.optional(),
    withheldTools: z.array(WithheldTool).meta({ id: 'WithheldToolsList' }).optional(),
  })
  .meta({ id: 'Association' });

/** Public API member; always absent here: MCP servers have no webhook. */
export const GenericWebhook = z
  .object({
    webhookUrl: z.string().optional(),
    webhookId: z.string().optional(),
    webhookType: z.enum(['hmac', 'apikey', 'gitlab', 'pagerduty']).optional(),
    webhookSecret: z
      .string()
      .meta({ id: 'WebhookSecret', ...SENSITIVE })
      .optional(),
    apiKey: z
      .string()
      .meta({ id: 'ApiKeyValue', ...SENSITIVE })
      .optional(),
  })
  .meta({ id: 'GenericWebhook' });
