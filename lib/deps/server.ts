import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { flag, list } from '../config.ts';
import { createEgress } from '../egress/egress.ts';
import type { EgressConfig } from '../egress/types.ts';
import { structuredLog } from '../log/structuredLog.ts';
import { createStoredTokens } from '../oauth/storedTokens.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import { createAwsSources } from '../sigv4/awsSources.ts';
import { coreDeps } from './core.ts';
import { once } from './once.ts';
import { environment, provided } from './provided.ts';
import { vault } from './vault.ts';

/** What operations need that reach a registered server, made at the process's first such request. */
export const serverDeps = once((): ServerDeps => {
  const core = coreDeps();
  const { region, ownCredentials } = core.config;
  const externalIdKey = provided.externalIdKey ?? externalIdKeyFrom(environment().EXTERNAL_ID_SECRET);
  const stsEndpoint = environment().AWS_ENDPOINT_URL_STS;
  const egress = createEgress(egressConfig(environment(), provided.ownHosts));
  const log = provided.log ?? structuredLog();
  return {
    ...core,
    vault: vault(),
    egress,
    tokens: createStoredTokens({ ...core, vault: vault(), egress, log }),
    aws: createAwsSources({ externalIdKey, ownCredentials, region, stsEndpoint, now: core.now }),
    externalIdKey,
    log,
  };
});

/** The secret is text of any length (Secrets Manager); the key has 32 bytes. */
function externalIdKeyFrom(secret: string | undefined): Uint8Array {
  if (!secret) throw new Error('EXTERNAL_ID_SECRET must hold the secret that ExternalIds are made with.');
  return createHash('sha256').update(secret).digest();
}

/**
 * The egress settings of an environment.
 * @throws Error naming the variable at fault
 */
export function egressConfig(
  env: Readonly<Record<string, string | undefined>>,
  ownHosts: readonly string[] = [],
): EgressConfig {
  return {
    allowedPrivateCidrs: list(env.ALLOWED_PRIVATE_CIDRS),
    allowInsecureHttp: flag(env, 'ALLOW_INSECURE_HTTP', false),
    ...(env.EGRESS_CA_FILE ? { extraCaPem: readPem(env.EGRESS_CA_FILE) } : {}),
    ownHosts: [...(env.PUBLIC_BASE_URL ? [new URL(env.PUBLIC_BASE_URL).host] : []), ...ownHosts],
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`EGRESS_CA_FILE cannot be read: ${path} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
