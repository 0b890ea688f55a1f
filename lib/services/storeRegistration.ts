import { fail, invalid } from '../api/errors.ts';
import type { McpServiceType } from '../api/schemas/serviceTypes.ts';
import type { RequestContext } from '../context.ts';
import { type Credential, serializeCredential } from '../credentials/credential.ts';
import { VaultError } from '../credentials/vault.ts';
import type { ValidationReport } from '../mcp/types.ts';
import { clientUse, refuseRemovedClient, registrationOf } from '../oauth/registeredClient.ts';
import { tokenWrite } from '../oauth/tokenItem.ts';
import type { Grant } from '../oauth/types.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys, USE_SHARDS } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { absent, commit, put, update, withinQuota } from '../store/write.ts';
import { type CatalogueMembers, catalogueOf, catalogueWrites } from './catalogue.ts';
import { checkedMembers } from './check.ts';
import { checkAt, untilNextCheck } from './healthCheckItem.ts';
import { nameTaken } from './registration.ts';
import type { ServerDeps } from './serverDeps.ts';
import { authorizationMembers, type ServiceItem } from './serviceItem.ts';

/** A registration whose server was proven to work. */
export interface ProvenRegistration {
  serviceId: string;
  serviceType: McpServiceType;
  name: string;
  displayName?: string | undefined;
  endpoint: string;
  description?: string | undefined;
  kmsKeyArn?: string | undefined;
  tags?: Record<string, string> | undefined;
  credential: Credential;
  /** What it was exchanged for, when it was. */
  grant?: Grant | undefined;
}

/**
 * Stores a registration, everything of it in one transaction with the audit event and `further` writes.
 * @throws ConflictException for a taken name, ServiceQuotaExceededException, ValidationException for its KMS key
 */
export async function storeRegistration(
  registration: ProvenRegistration,
  report: ValidationReport,
  response: unknown,
  ctx: RequestContext,
  deps: ServerDeps,
  further: TransactClause[] = [],
): Promise<void> {
  const items = await writes(registration, report, ctx, deps);
  try {
    await commit(ctx, deps, [...items, ...further], response);
  } catch (error) {
    throw explain(error, registration, deps);
  }
}

async function writes(
  registration: ProvenRegistration,
  report: ValidationReport,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<TransactClause[]> {
  const { tableName: table, quotas } = deps.config;
  const account = ctx.caller.accountId;
  const { serviceId } = registration;
  const tools = catalogueOf(report.tools ?? [], report.warnings, ctx.at);
  const catalogue = catalogueWrites(table, account, serviceId, tools, 0);
  const service = serviceAttributes(registration, report, catalogue.members, ctx.at);
  return [
    put(table, keys.service(account, serviceId), service, absent('service')),
    put(table, keys.serviceName(account, registration.name), { serviceId }, absent('name')),
    update(table, keys.count(account, 'SVC'), { add: { used: 1 } }, withinQuota(quotas.services)),
    ...(await credentialWrites(account, registration, deps)),
    ...clientUse(account, { after: registrationOf(registration.credential) }, ctx.at, deps),
    ...Array.from({ length: USE_SHARDS }, (_, shard) =>
      put(table, keys.useCount(account, serviceId, shard), { used: 0 }),
    ),
    checkAt({ accountId: account, serviceId }, ctx.at + untilNextCheck(deps), deps),
    ...catalogue.items,
  ];
}

function serviceAttributes(
  registration: ProvenRegistration,
  report: ValidationReport,
  catalogue: CatalogueMembers,
  at: number,
): Omit<ServiceItem, 'pk' | 'sk'> {
  const time = new Date(at).toISOString();
  const { credential, grant, tags, displayName, description, kmsKeyArn, ...members } = registration;
  return {
    ...members,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    ...authorizationMembers(credential, grant),
    tags: tags ?? {},
    createdAt: time,
    updatedAt: time,
    state: 'ENABLED',
    ...checkedMembers(report, at),
    ...catalogue,
    version: 1,
  };
}

/** The writes of a service's credential and of what it was exchanged for, encrypted. */
export async function credentialWrites(
  accountId: string,
  owner: Pick<ProvenRegistration, 'serviceId' | 'credential' | 'kmsKeyArn' | 'grant'>,
  deps: ServerDeps,
): Promise<TransactClause[]> {
  const { serviceId, credential, kmsKeyArn, grant } = owner;
  const text = serializeCredential(credential);
  try {
    const ciphertext = await deps.vault.encrypt(
      text,
      { accountId, serviceId, purpose: 'credential' },
      kmsKeyArn,
    );
    const stored = put(deps.config.tableName, keys.credential(accountId, serviceId), { ciphertext });
    if (!grant) return [stored];
    const { clause } = await tokenWrite({ accountId, serviceId, kmsKeyArn }, grant.tokens, deps);
    return [stored, clause];
  } catch (error) {
    // Only a key that the caller chose is the caller's to mend.
    if (error instanceof VaultError && kmsKeyArn !== undefined) throw invalid('/kmsKeyArn', error.message);
    throw error;
  }
}

function explain(error: unknown, registration: ProvenRegistration, deps: ServerDeps): unknown {
  refuseRemovedClient(error);
  const claim = conditionFailed(error, 'name');
  if (claim) nameTaken(registration.name, String(claim.item?.serviceId));
  if (!conditionFailed(error, 'quota')) return error;
  return fail(
    'ServiceQuotaExceededException',
    `This account may register ${deps.config.quotas.services} servers (QUOTA_SERVICES). Deregister one, or raise the quota.`,
  );
}
