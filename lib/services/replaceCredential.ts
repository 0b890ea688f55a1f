import type * as z from 'zod';
import { invalid } from '../api/errors.ts';
import type { UpdateServiceDetails } from '../api/schemas/serviceDetails.ts';
import type { RequestContext } from '../context.ts';
import type { ValidationWarning } from '../mcp/types.ts';
import { clientUse, registrationOf } from '../oauth/registeredClient.ts';
import { tokenRemovals } from '../oauth/tokenItem.ts';
import type { TransactClause } from '../store/transact.ts';
import { type AuthorizationRules, type ReadAuthorization, readAuthorization } from './authorization.ts';
import { type Catalogue, catalogueOf, catalogueWrites } from './catalogue.ts';
import { checkedMembers } from './check.ts';
import type { Trial } from './prove.ts';
import type { ServerDeps } from './serverDeps.ts';
import { authorizationMembers, CLEARED_AUTHORIZATION, type ServiceItem } from './serviceItem.ts';
import { credentialWrites } from './storeRegistration.ts';

type Details = z.output<typeof UpdateServiceDetails>;

/** A credential that was proven to work, ready to take the old one's place. */
export interface Replacement {
  /** Members of the service item that change with it. */
  members: Partial<ServiceItem>;
  writes: TransactClause[];
  /** What the server offers now. */
  catalogue: Catalogue;
  warnings: ValidationWarning[];
}

/** A wanted change of the credential, understood. */
export interface WantedCredential extends ReadAuthorization {
  endpoint: string;
}

/**
 * Understands the details of an update.
 * @throws ValidationException where they are of another kind of server than the service
 */
export function readReplacement(
  service: ServiceItem,
  details: Details,
  rules: AuthorizationRules,
): WantedCredential {
  const { serviceId, serviceType } = service;
  const wanted = details[serviceType];
  if (!wanted) {
    throw invalid('/serviceDetails', `must hold ${serviceType}: service ${serviceId} is of that type`);
  }
  return { endpoint: wanted.endpoint ?? service.endpoint, ...readAuthorization(details, rules) };
}

/** What it takes for a proven credential to take the old one's place. */
export async function replacementOf(
  service: ServiceItem,
  endpoint: string,
  { report, credential, grant, warnings }: Trial,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Replacement> {
  const { accountId } = ctx.caller;
  const { serviceId, kmsKeyArn } = service;
  const table = deps.config.tableName;
  const catalogue = catalogueOf(report.tools ?? [], report.warnings, ctx.at);
  const stored = catalogueWrites(table, accountId, serviceId, catalogue, service.catalogueChunks);
  return {
    members: {
      endpoint,
      ...CLEARED_AUTHORIZATION,
      ...authorizationMembers(credential, grant),
      ...checkedMembers(report, ctx.at),
      ...stored.members,
    },
    writes: [
      ...(await credentialWrites(accountId, { serviceId, credential, kmsKeyArn, grant }, deps)),
      ...(grant ? [] : tokenRemovals(table, accountId, serviceId)),
      ...clientUse(
        accountId,
        { before: service.oauthClient, after: registrationOf(credential) },
        ctx.at,
        deps,
      ),
      ...stored.items,
    ],
    catalogue,
    warnings,
  };
}
