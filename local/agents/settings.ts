import { count } from '../../lib/config.ts';
import { baseUrlOf, type HttpSettings, portOf } from '../http/settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** More than the processors of a large machine: a number beyond is a mistake. */
const MAX_PROCESSES = 128;

/** How processes that serve agents alone are run. */
export interface AgentProcessSettings {
  processes: number;
  /** Where and how they listen. */
  http: HttpSettings;
}

/**
 * Reads AGENT_PROCESSES, AGENTS_PORT and AGENTS_BASE_URL; nothing where one process serves everything. They listen like
 * the server itself, on the port after its own where none is given.
 * @throws Error that names the variable and the remedy
 */
export function loadAgentProcesses(env: Env, http: HttpSettings): AgentProcessSettings | undefined {
  const processes = count(env, 'AGENT_PROCESSES', 0, 0, MAX_PROCESSES);
  if (processes === 0) return refuseUnused(env);
  const port = agentsPort(env, http.port);
  if (port !== 0 && port === http.port) {
    throw new Error(`AGENTS_PORT must not be PORT (${port}): both listen. Leave it out for ${port + 1}.`);
  }
  const publicBaseUrl = baseUrlOf('AGENTS_BASE_URL', env.AGENTS_BASE_URL) ?? http.publicBaseUrl;
  return {
    processes,
    http: { ...http, port, portVariable: 'AGENTS_PORT', ...(publicBaseUrl && { publicBaseUrl }) },
  };
}

function refuseUnused(env: Env): undefined {
  const unused = ['AGENTS_PORT', 'AGENTS_BASE_URL'].find(name => env[name]?.trim());
  if (!unused) return undefined;
  throw new Error(`${unused} is set, but nothing would listen there: set AGENT_PROCESSES to 1 or more.`);
}

function agentsPort(env: Env, port: number): number {
  if (env.AGENTS_PORT?.trim()) return portOf('AGENTS_PORT', env.AGENTS_PORT);
  if (port < 65_535) return port === 0 ? 0 : port + 1;
  throw new Error('AGENTS_PORT must be set: there is no port after PORT=65535.');
}
