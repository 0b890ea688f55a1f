import type { ApiError } from '../api/errors.ts';
import type { Credential } from '../credentials/credential.ts';
import type { StepResult, ValidationReport, ValidationWarning } from '../mcp/types.ts';
import { writingScopes } from '../oauth/scopes.ts';
import type { Grant } from '../oauth/types.ts';
import { type CheckFor, check, refusal } from './check.ts';
import { newAccess } from './serverAuthorizer.ts';
import type { ServerDeps } from './serverDeps.ts';

/** A server and a credential for it that is not stored yet. */
export interface Candidate {
  name: string;
  endpoint: string;
  credential: Credential;
  /** What a consent granted, for a credential that needs one. */
  grant?: Grant | undefined;
}

/** The outcome of the checks, with what was learned of the credential on the way. */
export interface Trial {
  report: ValidationReport;
  /** As it is to be stored: with how the client proves itself, once that was negotiated. */
  credential: Credential;
  grant: Grant | undefined;
  warnings: ValidationWarning[];
}

/** Runs every check against a server with a new credential. */
export async function tryOut(candidate: Candidate, ctx: CheckFor, deps: ServerDeps): Promise<Trial> {
  const { name, endpoint, credential } = candidate;
  const access = newAccess(credential, ctx.caller.accountId, deps, candidate.grant);
  const report = await check({ name, endpoint, authorizer: access.authorizer }, ctx, deps);
  const grant = access.grant();
  return {
    report,
    credential:
      grant && 'clientId' in credential ? { ...credential, authMethod: grant.authMethod } : credential,
    grant,
    warnings: [...grantWarnings(credential, grant), ...report.warnings],
  };
}

function grantWarnings(credential: Credential, grant: Grant | undefined): ValidationWarning[] {
  if (!grant || !('scopes' in credential)) return [];
  return [...grant.warnings, ...writingScopes(grant.tokens.scopes ?? credential.scopes)];
}

/**
 * The same, for those who go on only when everything works.
 * @throws ValidationException that places each failed step on its member of the request
 */
export async function prove(
  candidate: Candidate,
  pathOf: (step: StepResult) => string,
  ctx: CheckFor,
  deps: ServerDeps,
): Promise<Trial> {
  const trial = await tryOut(candidate, ctx, deps);
  if (!trial.report.valid) throw refusal(trial.report, pathOf) satisfies ApiError;
  return trial;
}
