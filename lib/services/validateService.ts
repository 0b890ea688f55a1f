import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import type { Credential } from '../credentials/credential.ts';
import type { ValidationWarning } from '../mcp/types.ts';
import { demandWarnings } from '../oauth/demandedScopes.ts';
import { scopeWarnings, writingScopes } from '../oauth/scopes.ts';
import type { TransactClause } from '../store/transact.ts';
import { commit } from '../store/write.ts';
import { audited, concernsService } from './audited.ts';
import { catalogueOf } from './catalogue.ts';
import { type CheckFor, check, toReport } from './check.ts';
import { changedMeanwhile, keepReport } from './keepReport.ts';
import { type OpenService, openService } from './openService.ts';
import { registeredAuthorizer } from './serverAuthorizer.ts';
import type { ServerDeps } from './serverDeps.ts';
import type { ServiceItem } from './serviceItem.ts';
import { followed } from './validationProgress.ts';
import { countValidation } from './validationRate.ts';

type Output = OperationOutput<typeof operations.ValidateService>;
type Follower = RequestContext & Pick<CheckFor, 'onSteps'>;

/** Checks of a registration that changes under them: a rotation is over by the second, and others may follow it. */
const CHECKS = 3;
/** Milliseconds after which none is begun any more: one may take 20 s, and API Gateway waits for 29. */
const BEGIN_WITHIN_MS = 8_000;

/**
 * Runs the checks again with the stored credential; the outcome and the fresh tool list are kept. Where the
 * registration changes meanwhile, its credential say, what it became is checked instead.
 * @throws ConflictException where it keeps changing: no outcome is about what it is now
 */
export async function validateService(
  input: OperationInput<typeof operations.ValidateService>,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Output> {
  const { serviceId, validationId } = input;
  const place = { accountId: ctx.caller.accountId, serviceId };
  concernsService(ctx, deps, serviceId);
  const opened = await openService(place, deps);
  audited(ctx, opened.service);
  await countValidation(ctx, deps);
  return followed({ validationId }, ctx, deps, follower => checkUntilKept(opened, follower, deps));
}

async function checkUntilKept(first: OpenService, ctx: Follower, deps: ServerDeps): Promise<Output> {
  const { serviceId } = first.service;
  const place = { accountId: ctx.caller.accountId, serviceId };
  let opened = first;
  for (let checks = 1; ; checks++) {
    const response = await checkOnce(opened, ctx, deps);
    if (response) return response;
    if (checks === CHECKS || deps.now() - ctx.at > BEGIN_WITHIN_MS) throw changedMeanwhile(serviceId);
    opened = await openService(place, deps);
  }
}

/** `undefined` where the registration changed meanwhile. */
async function checkOnce(
  { service, credential }: OpenService,
  ctx: Follower,
  deps: ServerDeps,
): Promise<Output | undefined> {
  const { name, endpoint } = service;
  const authorizer = registeredAuthorizer(service, credential, ctx.caller.accountId, deps);
  const askedAt = deps.now();
  const report = await check({ name, endpoint, authorizer }, ctx, deps);
  const catalogue = report.valid ? catalogueOf(report.tools ?? [], report.warnings, askedAt) : undefined;
  const warnings = [...storedScopeWarnings(service, credential), ...report.warnings];
  const response = { report: toReport({ ...report, warnings }) };
  const write = (items: TransactClause[]) => commit(ctx, deps, items, response);
  const kept = await keepReport(
    service,
    { accountId: ctx.caller.accountId, at: ctx.at, report, catalogue },
    write,
    deps,
  );
  return kept ? response : undefined;
}

/** What a registration said of its scopes: after a consent nobody was there to read it. */
function storedScopeWarnings(
  { grantedScopes: scopes, demandedScopes }: ServiceItem,
  credential: Credential,
): ValidationWarning[] {
  if (!scopes || !('scopes' in credential)) return demandWarnings(demandedScopes);
  return [
    ...scopeWarnings(credential.scopes, { accessToken: '', scopes }, []),
    ...writingScopes(scopes),
    ...demandWarnings(demandedScopes),
  ];
}
