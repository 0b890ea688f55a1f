import { fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import { reconcileAssociations } from '../associations/reconcileAll.ts';
import type { RequestContext } from '../context.ts';
import type { Credential } from '../credentials/credential.ts';
import type { ValidationReport, ValidationWarning } from '../mcp/types.ts';
import { demandWarnings } from '../oauth/demandedScopes.ts';
import { scopeWarnings, writingScopes } from '../oauth/scopes.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { commit, update } from '../store/write.ts';
import { audited, concernsService } from './audited.ts';
import { asRead, type Catalogue, catalogueOf, catalogueWrites } from './catalogue.ts';
import { check, learned, toReport } from './check.ts';
import { type OpenService, openService } from './openService.ts';
import { registeredAuthorizer } from './serverAuthorizer.ts';
import type { ServerDeps } from './serverDeps.ts';
import { noService, type ServiceItem } from './serviceItem.ts';
import { countValidation } from './validationRate.ts';

type Output = OperationOutput<typeof operations.ValidateService>;

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
  const { serviceId } = input;
  const place = { accountId: ctx.caller.accountId, serviceId };
  concernsService(ctx, deps, serviceId);
  let opened = await openService(place, deps);
  audited(ctx, opened.service);
  await countValidation(ctx, deps);
  for (let checks = 1; ; checks++) {
    const response = await checkOnce(opened, ctx, deps);
    if (response) return response;
    if (checks === CHECKS || deps.now() - ctx.at > BEGIN_WITHIN_MS) throw changed(serviceId);
    opened = await openService(place, deps);
  }
}

/** `undefined` where the registration changed meanwhile. */
async function checkOnce(
  { service, credential }: OpenService,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Output | undefined> {
  const { name, endpoint } = service;
  const authorizer = registeredAuthorizer(service, credential, ctx.caller.accountId, deps);
  const askedAt = deps.now();
  const report = await check({ name, endpoint, authorizer }, ctx, deps);
  const catalogue = report.valid ? catalogueOf(report.tools ?? [], report.warnings, askedAt) : undefined;
  const warnings = [...storedScopeWarnings(service, credential), ...report.warnings];
  const response = { report: toReport({ ...report, warnings }) };
  return (await keep(service, { report, catalogue }, response, ctx, deps)) ? response : undefined;
}

interface Checked {
  report: ValidationReport;
  /** Of a good one. */
  catalogue: Catalogue | undefined;
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

/** Validations of one service that end at the same time take turns to replace its catalogue. */
const ATTEMPTS = 8;

/** Whether the outcome was kept: not so where it is no longer about what the registration is now. */
async function keep(
  read: ServiceItem,
  checked: Checked,
  response: unknown,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<boolean> {
  let service = read;
  for (let attempt = 1; ; attempt++) {
    // A list that somebody asked for later is the newer one.
    const catalogue = isNewer(checked.catalogue, service) ? checked.catalogue : undefined;
    try {
      await commit(ctx, deps, outcome(service, checked.report, catalogue, ctx, deps), response);
      if (catalogue) await reconcileAssociations(ctx.caller.accountId, service, catalogue, deps);
      return true;
    } catch (error) {
      const lost = conditionFailed(error, 'service');
      if (!lost) throw error;
      if (!lost.item) noService(read.serviceId);
      service = lost.item as unknown as ServiceItem;
      if (service.updatedAt !== read.updatedAt) return false;
      if (attempt === ATTEMPTS) throw changed(read.serviceId);
    }
  }
}

function isNewer(catalogue: Catalogue | undefined, { catalogueRefreshedAt }: ServiceItem): boolean {
  return catalogue !== undefined && catalogue.refreshedAt >= catalogueRefreshedAt;
}

function changed(serviceId: string): Error {
  return fail('ConflictException', `Service ${serviceId} was changed while it was validated. Try again.`);
}

function outcome(
  service: ServiceItem,
  report: ValidationReport,
  catalogue: Catalogue | undefined,
  ctx: RequestContext,
  deps: ServerDeps,
): TransactClause[] {
  const { tableName: table } = deps.config;
  const { accountId } = ctx.caller;
  const { serviceId, catalogueChunks } = service;
  const refreshed = catalogue && catalogueWrites(table, accountId, serviceId, catalogue, catalogueChunks);
  const set = {
    validationStatus: report.valid ? 'valid' : 'invalid',
    lastValidatedAt: new Date(ctx.at).toISOString(),
    ...(report.valid ? learned(report) : {}),
    ...refreshed?.members,
  };
  return [
    update(table, keys.service(accountId, serviceId), { set }, asRead(service)),
    ...(refreshed?.items ?? []),
  ];
}
