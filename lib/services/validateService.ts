import { fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
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
import { catalogueOf, catalogueWrites, withCatalogue } from './catalogue.ts';
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
  concernsService(ctx, deps, input.serviceId);
  let opened = await openService(input.serviceId, ctx, deps);
  audited(ctx, opened.service);
  await countValidation(ctx, deps);
  for (let checks = 1; ; checks++) {
    const response = await checkOnce(opened, ctx, deps);
    if (response) return response;
    if (checks === CHECKS || deps.now() - ctx.at > BEGIN_WITHIN_MS) throw changed(input.serviceId);
    opened = await openService(input.serviceId, ctx, deps);
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
  const report = await check({ name, endpoint, authorizer }, ctx, deps);
  const warnings = [...storedScopeWarnings(service, credential), ...report.warnings];
  const response = { report: toReport({ ...report, warnings }) };
  return (await keep(service, report, response, ctx, deps)) ? response : undefined;
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
  checked: ServiceItem,
  report: ValidationReport,
  response: unknown,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<boolean> {
  let service = checked;
  for (let attempt = 1; ; attempt++) {
    try {
      await commit(ctx, deps, outcome(service, report, ctx, deps), response);
      return true;
    } catch (error) {
      const lost = conditionFailed(error, 'service');
      if (!lost) throw error;
      if (!lost.item) noService(checked.serviceId);
      service = lost.item as unknown as ServiceItem;
      if (service.updatedAt !== checked.updatedAt) return false;
      if (attempt === ATTEMPTS) throw changed(checked.serviceId);
    }
  }
}

function changed(serviceId: string): Error {
  return fail('ConflictException', `Service ${serviceId} was changed while it was validated. Try again.`);
}

function outcome(
  service: ServiceItem,
  report: ValidationReport,
  ctx: RequestContext,
  deps: ServerDeps,
): TransactClause[] {
  const { tableName: table } = deps.config;
  const { accountId } = ctx.caller;
  const refreshed = report.valid
    ? catalogueWrites(
        table,
        accountId,
        service.serviceId,
        catalogueOf(report.tools ?? [], report.warnings, ctx.at),
        service.catalogueChunks,
      )
    : { items: [], chunks: service.catalogueChunks };
  const set = {
    validationStatus: report.valid ? 'valid' : 'invalid',
    lastValidatedAt: new Date(ctx.at).toISOString(),
    catalogueChunks: refreshed.chunks,
    ...(report.valid ? learned(report) : {}),
  };
  const guard = {
    name: 'service',
    condition: 'updatedAt = :updatedAt',
    values: { ':updatedAt': service.updatedAt },
  };
  return [
    update(
      table,
      keys.service(accountId, service.serviceId),
      { set },
      withCatalogue(guard, service.catalogueChunks),
    ),
    ...refreshed.items,
  ];
}
