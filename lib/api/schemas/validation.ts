import * as z from 'zod';
import { Timestamp } from './common.ts';

/** Chosen by the caller, so that it is known before the answer: a UUID does. */
export const ValidationId = z
  .string()
  .regex(/^[a-zA-Z0-9-]{1,64}$/, 'may hold letters, digits and -, at most 64')
  .meta({ id: 'ValidationId' });

export const ValidationStatus = z
  .enum(['IN_PROGRESS', 'SUCCEEDED', 'FAILED'])
  .meta({ id: 'ValidationProgressStatus' });
export type ValidationStatus = z.output<typeof ValidationStatus>;

export const ValidationSteps = z
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
  .meta({ id: 'ValidationStepResults' });

/** A validation that was given an id; `steps` has those that have ended. */
export const Validation = z
  .object({
    validationId: ValidationId,
    status: ValidationStatus,
    startedAt: Timestamp,
    updatedAt: Timestamp,
    steps: ValidationSteps,
  })
  .meta({ id: 'Validation' });

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
    steps: ValidationSteps,
    warnings: ValidationWarnings,
    durationMs: z.int(),
    protocolVersion: z.string().optional(),
    serverName: z.string().optional(),
    serverVersion: z.string().optional(),
    toolCount: z.int().optional(),
  })
  .meta({ id: 'ValidationReport' });

/** What is kept of a report: its warnings are those of the tools that were listed. */
export const KeptValidationReport = ValidationReport.omit({ warnings: true }).meta({
  id: 'KeptValidationReport',
});
export type KeptValidationReport = z.output<typeof KeptValidationReport>;
