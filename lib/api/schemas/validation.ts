import * as z from 'zod';

export const ValidationWarnings = z
  .array(
    z
      .object({ code: z.string(), message: z.string(), toolName: z.string().optional() })
      .meta({ id: 'ValidationWarning' }),
  )
  .meta({ id: 'ValidationWarnings' });

export const ValidationReport = z
  .object({
    valid: z.boolean(),
    steps: z
      .array(
        z
          .object({
            step: z.enum(['url', 'address', 'tls', 'http', 'transport', 'credential', 'handshake', 'tools']),
            status: z.enum(['passed', 'failed', 'skipped']),
            durationMs: z.int(),
            code: z.string().optional(),
            message: z.string().optional(),
            path: z.string().optional(),
          })
          .meta({ id: 'ValidationStepResult' }),
      )
      .meta({ id: 'ValidationStepResults' }),
    warnings: ValidationWarnings,
    durationMs: z.int(),
    protocolVersion: z.string().optional(),
    serverName: z.string().optional(),
    serverVersion: z.string().optional(),
    toolCount: z.int().optional(),
  })
  .meta({ id: 'ValidationReport' });
