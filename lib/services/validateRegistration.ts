import type { OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import { staticAuthorizer } from '../mcp/authorizer.ts';
import type { StepResult, ValidationReport } from '../mcp/types.ts';
import { externalIdOf } from '../sigv4/externalId.ts';
import { check, toReport } from './check.ts';
import { tryOut } from './prove.ts';
import { type Registration, type RegistrationInput, readRegistration } from './registration.ts';
import type { ServerDeps } from './serverDeps.ts';
import { countValidation } from './validationRate.ts';

/**
 * The checks of RegisterService as a report; a failed step names the member at fault. Stores nothing. What
 * needs a person's consent is checked as far as it goes without. For SigV4-signed servers it tells the
 * ExternalId that their role has to trust.
 */
export async function validateRegistration(
  input: RegistrationInput,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<OperationOutput<typeof operations.ValidateRegistration>> {
  const { accountId } = ctx.caller;
  const registration = readRegistration(input, { accountId, ...deps.config });
  await countValidation(ctx, deps);
  const report = await reportOn(registration, ctx, deps);
  return {
    report: toReport(report, registration.pathOf),
    ...(registration.serviceType === 'mcpserversigv4'
      ? { externalId: externalIdOf(accountId, deps.externalIdKey) }
      : {}),
  };
}

async function reportOn(
  { name, endpoint, authorization }: Registration,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<ValidationReport> {
  if (authorization.kind === 'direct') {
    const { credential } = authorization;
    const { report, warnings } = await tryOut({ name, endpoint, credential }, ctx, deps);
    return { ...report, warnings };
  }
  return beforeConsent(await check({ name, endpoint, authorizer: staticAuthorizer({}) }, ctx, deps));
}

const CONSENT_FIRST =
  'Not checked: a person has to consent first. RegisterService answers with the step to take.';

/** Without a credential a 401 is the right answer: from there on the checks wait for the consent. */
function beforeConsent(report: ValidationReport): ValidationReport {
  const asked = report.steps.some(step => step.code === 'CREDENTIAL_REJECTED');
  if (!asked) return report;
  const waiting = (step: StepResult): StepResult => ({
    step: step.step,
    status: 'skipped',
    durationMs: step.durationMs,
    message: CONSENT_FIRST,
  });
  return {
    ...report,
    valid: true,
    steps: report.steps.map(step => (step.status === 'passed' ? step : waiting(step))),
  };
}
