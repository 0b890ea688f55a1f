import { flag, loadConfig } from '../lib/config.ts';
import { egressConfig } from '../lib/deps/server.ts';
import { createEgress } from '../lib/egress/egress.ts';
import { rootKeyFromEnv } from './accessKeys.ts';
import { type AgentProcessSettings, loadAgentProcesses } from './agents/settings.ts';
import { endpointUrl } from './engine/engine.ts';
import { certificateOf } from './http/server.ts';
import { type HttpSettings, loadHttpSettings } from './http/settings.ts';
import type { AccessKey } from './identity/accessKey.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Settings {
  http: HttpSettings;
  /** Processes that serve agents alone; where there are none, one process serves everything. */
  agents: AgentProcessSettings | undefined;
  /** The account of the deployment. */
  accountId: string;
  /** The environment's own admin key. */
  root: AccessKey | undefined;
  /** Whether audit events are archived. */
  archive: boolean;
}

/**
 * Reads every setting before anything is made of any: a wrong one leaves no data folder, key or database behind.
 * @throws Error whose message begins with the variable at fault
 */
export async function loadSettings(env: Env): Promise<Settings> {
  const http = loadHttpSettings(env);
  if (http.tls) certificateOf(http.tls);
  const agents = loadAgentProcesses(env, http);
  const accountId = accountOf(env);
  const root = rootKeyFromEnv(env, accountId);
  if (env.DYNAMODB_ENDPOINT) endpointUrl(env.DYNAMODB_ENDPOINT);
  loadConfig(env);
  // Made for its checks alone: the one in use is made once the port, and with it the own host, is known.
  await createEgress(egressConfig(env)).close();
  return { http, agents, accountId, root, archive: flag(env, 'AUDIT_ARCHIVE', true) };
}

function accountOf(env: Env): string {
  const accountId = env.SWITCHBOARD_ACCOUNT_ID || '000000000000';
  if (/^\d{12}$/.test(accountId)) return accountId;
  throw new Error(`SWITCHBOARD_ACCOUNT_ID must have twelve digits, not "${accountId}".`);
}
