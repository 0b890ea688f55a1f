import type * as z from 'zod';
import { ApiError, type FieldError } from '../api/errors.ts';
import type { ValidationReport as ReportSchema } from '../api/schemas/validation.ts';
import type { RequestAuthorizer } from '../mcp/authorizer.ts';
import type { StepResult, ValidationReport, ValidationStep } from '../mcp/types.ts';
import { validateServer } from '../mcp/validate.ts';
import type { ServerDeps } from './serverDeps.ts';
import type { ServiceItem } from './serviceItem.ts';

/** One server to be checked, and where the request spoke of it. */
export interface Subject {
  name: string;
  endpoint: string;
  authorizer: RequestAuthorizer;
}

/** For whom a check is made, and what its log lines are found by. */
export interface CheckFor {
  requestId: string;
  caller: { accountId: string };
  /** Set where nobody asked for it: such failures are the server's, not a typing error. */
  isHealthCheck?: boolean;
  /** Told all steps that have ended, in order, whenever one does. */
  onSteps?: ((steps: readonly StepResult[]) => void) | undefined;
}

/** Runs every check against a server; each finished step is logged and told, so that a slow validation shows progress. */
export async function check(subject: Subject, ctx: CheckFor, deps: ServerDeps): Promise<ValidationReport> {
  const ended = new Map<ValidationStep, StepResult>();
  const onStep = (step: StepResult) => {
    logStep(subject, step, ctx, deps);
    ended.set(step.step, step);
    ctx.onSteps?.([...ended.values()]);
  };
  const report = await validateServer(
    {
      accountId: ctx.caller.accountId,
      endpoint: subject.endpoint,
      authorizer: subject.authorizer,
      egress: deps.egress,
    },
    { serverName: subject.name, onStep },
  );
  const source = ctx.isHealthCheck ? 'health' : 'request';
  deps.measure({ kind: 'validation', source, valid: report.valid });
  return report;
}

function logStep(subject: Subject, step: StepResult, ctx: CheckFor, deps: ServerDeps): void {
  deps.log('validation step', {
    requestId: ctx.requestId,
    server: subject.name,
    step: step.step,
    status: step.status,
    durationMs: step.durationMs,
    ...(step.code ? { code: step.code } : {}),
  });
}

/** The report as callers see it; `pathOf` places a failed step on the request's member. */
export function toReport(
  report: ValidationReport,
  pathOf?: (step: StepResult) => string,
): z.input<typeof ReportSchema> {
  return {
    valid: report.valid,
    steps: placed(report.steps, pathOf),
    warnings: report.warnings,
    durationMs: report.durationMs,
    protocolVersion: report.verdict?.protocolVersion,
    serverName: report.serverInfo?.name,
    serverVersion: report.serverInfo?.version,
    toolCount: report.tools?.length,
  };
}

/** Steps as callers see them. */
export function placed(
  steps: readonly StepResult[],
  pathOf?: (step: StepResult) => string,
): (StepResult & { path?: string })[] {
  return steps.map(step => (step.status === 'failed' && pathOf ? { ...step, path: pathOf(step) } : step));
}

/** A failed report as the `ValidationException` that refuses the request. */
export function refusal(report: ValidationReport, pathOf: (step: StepResult) => string): ApiError {
  const failed = report.steps.filter(step => step.status === 'failed');
  const fieldList: FieldError[] = failed.map(step => ({
    path: pathOf(step),
    message: `${step.code}: ${step.message}`,
  }));
  const message = failed.map(step => `${step.code}: ${step.message}`).join('; ');
  return new ApiError({ code: 'ValidationException', message, fieldList });
}

/**
 * What is kept of checks (`at` epoch milliseconds), as members of the registration's item. Tools and warnings are kept
 * with the catalogue; what was learned of the server before stays where the checks failed.
 */
export function checkedMembers(
  report: ValidationReport,
  at: number,
): Pick<ServiceItem, 'validationStatus' | 'lastValidatedAt' | 'report' | 'verdict'> {
  const { warnings: _, ...kept } = toReport(report);
  return {
    validationStatus: report.valid ? 'valid' : 'invalid',
    lastValidatedAt: new Date(at).toISOString(),
    report: kept,
    ...(report.valid && report.verdict ? { verdict: report.verdict } : {}),
  };
}
