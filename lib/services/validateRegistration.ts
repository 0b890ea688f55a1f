import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import { staticAuthorizer } from '../mcp/authorizer.ts';
import type { StepResult, ValidationReport } from '../mcp/types.ts';
import { externalIdOf } from '../sigv4/externalId.ts';
import { type CheckFor, check, placed, toReport } from './check.ts';
import { tryOut } from './prove.ts';
import { type Registration, readRegistration } from './registration.ts';
import type { ServerDeps } from './serverDeps.ts';
import { followed } from './validationProgress.ts';
import { countValidation } from './validationRate.ts';

/**
 * The checks of RegisterService as a report; a failed step names the member at fault. Stores nothing but how far it
 * has come, where the caller gave it an id. What needs a person's consent is checked as far as it goes without. For SigV4-signed servers it tells the
 * ExternalId that their role has to trust.
 */
export async function validateRegistration(
  { validationId, ...input }: OperationInput<typeof operations.ValidateRegistration>,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<OperationOutput<typeof operations.ValidateRegistration>> {
  const { accountId } = ctx.caller;
  const registration = readRegistration(input, { accountId, ...deps.config });
  await countValidation(ctx, deps);
  const { authorization, pathOf, serviceType } = registration;
  const shown = (steps: readonly StepResult[]) =>
    placed(authorization.kind === 'direct' ? steps : stepsBeforeConsent(steps), pathOf);
  return followed({ validationId, shown }, ctx, deps, async follower => ({
    report: toReport(await reportOn(registration, follower, deps), pathOf),
    ...(serviceType === 'mcpserversigv4' ? { externalId: externalIdOf(accountId, deps.externalIdKey) } : {}),
  }));
}

async function reportOn(
  { name, endpoint, authorization }: Registration,
  ctx: CheckFor,
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
  if (!asksForCredential(report.steps)) return report;
  return { ...report, valid: true, steps: stepsBeforeConsent(report.steps) };
}

function stepsBeforeConsent(steps: readonly StepResult[]): StepResult[] {
  if (!asksForCredential(steps)) return [...steps];
  return steps.map(({ step, status, durationMs }) =>
    status === 'passed'
      ? { step, status, durationMs }
      : { step, status: 'skipped', durationMs, message: CONSENT_FIRST },
  );
}

function asksForCredential(steps: readonly StepResult[]): boolean {
  return steps.some(({ code }) => code === 'CREDENTIAL_REJECTED');
}
