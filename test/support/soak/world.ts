import { join } from 'node:path';
import type { OperationName } from '../../../lib/api/operations.ts';
import { agentPidsOf } from '../agentPids.ts';
import { apiKeyRegistration } from '../app.ts';
import type { Endpoint } from '../clients/agentClient.ts';
import { asAgent, v1Client, v2Client } from '../clients/sdk.ts';
import { agentsUrlOf, newDataDir, type RunningServer, removeDataDir, startServer } from '../serverProcess.ts';
import { signedCall } from '../signedClient.ts';
import type { Member } from './agents.ts';
import { HEAP_REPORTER, type Held, heldBy } from './measure.ts';
import { type SoakServer, startSoakServer } from './servers.ts';

/** Calls an operation. @throws Error where it is refused */
// biome-ignore lint/suspicious/noExplicitAny: tests read whatever an answer holds
export type Operate = (name: OperationName, input: object) => Promise<any>;

/** An access token, and who connects with it. */
export interface Holder {
  tokenId: string;
  endpoint: Endpoint;
}

export interface SoakWorld {
  operate: Operate;
  agentSpaceId: string;
  /** Of 2026-07-28, the same, and of an earlier protocol. */
  servers: { steady: SoakServer; today: SoakServer; before: SoakServer };
  /** By the server's name. */
  associations: Map<string, { serviceId: string; associationId: string }>;
  holders: Holder[];
  members: Member[];
  /** What the process of the gateway holds now. */
  held(): Promise<Held>;
  /** Ends the gateway; its sessions with servers end with it. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Of every server. */
export const SOAK_TOOLS = ['echo', 'add'];
const TOKENS = 2;

/**
 * The embedded server with one space, three servers, and clients of every kind: of one process, or with as many processes
 * of agents as are asked for.
 */
export async function startSoakWorld(processes: number): Promise<SoakWorld> {
  const [steady, today, before] = await Promise.all([
    startSoakServer('steady', 'modern'),
    startSoakServer('today', 'modern'),
    startSoakServer('before', 'legacy'),
  ]);
  const servers = { steady, today, before };
  const dataDir = newDataDir();
  const heapFile = join(dataDir, 'heap');
  const gateway = await startServer(dataDir, {
    AGENT_PROCESSES: String(processes),
    QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN: '10000000',
    QUOTA_REQUESTS_PER_MINUTE_PER_SPACE: '10000000',
    CATALOGUE_REFRESH_SECONDS: '2',
    NODE_OPTIONS: `--import ${HEAP_REPORTER}`,
    HEAP_FILE: heapFile,
  });
  const operate = operateAt(gateway);
  const { agentSpaceId } = (await operate('CreateAgentSpace', { name: 'soak' })).agentSpace;
  const associations: SoakWorld['associations'] = new Map();
  for (const server of Object.values(servers)) {
    associations.set(server.name, await associate(operate, agentSpaceId, server));
  }
  const url = `${agentsUrlOf(gateway) || gateway.url}/v1/agentspaces/${agentSpaceId}/mcp`;
  const holders = await Promise.all(
    Array.from({ length: TOKENS }, () => newHolder(operate, agentSpaceId, url)),
  );
  const members = (await Promise.all(holders.map(membersWith))).flat();
  return {
    operate,
    agentSpaceId,
    servers,
    associations,
    holders,
    members,
    held: () => heldBy([gateway.pid, ...agentPidsOf(gateway)], heapFile),
    stop: async () => void (await gateway.stop()),
    async close() {
      for (const { client } of members) await client.close().catch(() => {});
      await gateway.end();
      for (const server of Object.values(servers)) await server.close();
      removeDataDir(dataDir);
    },
  };
}

function operateAt({ port }: RunningServer): Operate {
  return async (name, input) => {
    const { error, body } = await signedCall(port, name, input);
    if (error) throw new Error(`${name}: ${error} ${body.message}`);
    return body;
  };
}

async function associate(operate: Operate, agentSpaceId: string, { name, url, keys }: SoakServer) {
  const [key = ''] = keys;
  const { serviceId } = await operate('RegisterService', apiKeyRegistration(name, url, key));
  const configuration = { mcpserver: { tools: SOAK_TOOLS } };
  const { association } = await operate('AssociateService', { agentSpaceId, serviceId, configuration });
  return { serviceId: serviceId as string, associationId: association.associationId as string };
}

async function newHolder(operate: Operate, agentSpaceId: string, url: string): Promise<Holder> {
  const created = await operate('CreateAccessToken', { agentSpaceId, name: 'agent', scope: 'operate' });
  return { tokenId: created.accessToken.tokenId, endpoint: { url, token: created.tokenValue } };
}

/** A client of each kind. */
async function membersWith({ endpoint, tokenId }: Holder): Promise<Member[]> {
  const clients = {
    'v2 SDK, 2026-07-28': await v2Client(endpoint, 'auto'),
    'v2 SDK, earlier protocol': await v2Client(endpoint, 'legacy'),
    'v1 SDK': await v1Client(endpoint),
  };
  return Object.entries(clients).map(([kind, client]) => ({
    name: `${kind}, token …${tokenId.slice(-4)}`,
    client: asAgent(client),
  }));
}
