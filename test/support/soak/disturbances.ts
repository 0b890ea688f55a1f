import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../agents.ts';
import { DEFAULT_TOOLS } from '../mcp/toolShelf.ts';
import type { Crowd } from './agents.ts';
import { SOAK_TOOLS, type SoakWorld } from './world.ts';

/** What goes on beside the calls, each thing again and again, at its own pace. */
export interface Disturbances {
  /** How often each was done. */
  done: Record<string, number>;
  /** Those that did not come about as they should. */
  failures: string[];
  stop(): Promise<void>;
}

/** Runs each of `kinds` every so many milliseconds until it is stopped. */
export function disturb(
  kinds: Readonly<Record<string, { everyMs: number; act: () => Promise<void> }>>,
): Disturbances {
  const stopping = new AbortController();
  const done: Record<string, number> = {};
  const failures: string[] = [];
  const repeat = async ([name, { everyMs, act }]: [string, (typeof kinds)[string]]) => {
    while (!stopping.signal.aborted) {
      await sleep(everyMs * (0.5 + Math.random()), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      await act().then(
        () => {
          done[name] = (done[name] ?? 0) + 1;
        },
        error => failures.push(`${name}: ${error}`),
      );
    }
  };
  const loops = Object.entries(kinds).map(repeat);
  return {
    done,
    failures,
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** Has every token rotated, and the agents go on with the new values: the old ones are dead at once. */
export async function rotateTokens(
  { operate, agentSpaceId, holders }: SoakWorld,
  crowd: Crowd,
): Promise<void> {
  for (const { tokenId, endpoint } of holders) {
    await crowd.paused(async () => {
      endpoint.token = (await operate('RotateAccessToken', { agentSpaceId, tokenId })).tokenValue;
    });
  }
}

/** Milliseconds in which every process has come to use a new credential. */
const CREDENTIAL_KNOWN_MS = 6_000;

/** Gives the server with sessions another key. For a while it takes both, as people who rotate keys have theirs do. */
export async function rotateKey({ operate, servers, associations }: SoakWorld): Promise<void> {
  const { name, keys } = servers.before;
  const [old = ''] = keys;
  const apiKeyValue = `${name}-key-${crypto.randomUUID()}`;
  keys.add(apiKeyValue);
  const authorizationConfig = { apiKey: { apiKeyName: 'key', apiKeyValue, apiKeyHeader: 'x-api-key' } };
  const serviceDetails = { mcpserver: { authorizationConfig } };
  await operate('UpdateService', { serviceId: associations.get(name)?.serviceId, serviceDetails });
  await sleep(CREDENTIAL_KNOWN_MS);
  keys.delete(old);
}

/** Milliseconds for a change of a definition to be noticed, and for its confirmation to count. */
const NOTICED_MS = 30_000;

/** Changes a definition of the server that never goes away: it is withheld then, until it is confirmed. */
export async function drift({
  operate,
  agentSpaceId,
  servers,
  associations,
  members,
}: SoakWorld): Promise<void> {
  const { name, shelf } = servers.steady;
  const description = `Adds two numbers, as of ${crypto.randomUUID()}.`;
  shelf.setTools(DEFAULT_TOOLS.map(tool => (tool.name === 'add' ? { ...tool, description } : tool)));
  const answer = async () => {
    const called = members[0]?.client.call(`${name}_add`, { a: 1, b: 2 });
    return called?.then(({ content }) => String(content[0].text), String);
  };
  await eventually(async () => (await answer())?.includes('Unknown tool'), NOTICED_MS);
  const configuration = { mcpserver: { tools: SOAK_TOOLS } };
  const { associationId } = associations.get(name) ?? {};
  await operate('UpdateAssociation', { agentSpaceId, associationId, configuration });
  await eventually(async () => (await answer()) === '3', NOTICED_MS);
}
