import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../agents.ts';
import { startLegacy } from '../mcp/legacy.ts';
import { startModern } from '../mcp/modern.ts';
import { SUITE_TOOLS } from '../mcp/suiteTools.ts';
import type { AgentClient, Endpoint } from './agentClient.ts';
import { aiSdkClient } from './aiSdk.ts';
import { inspectorClient } from './inspector.ts';
import { mcpRemoteClient } from './mcpRemote.ts';
import { newSandbox, type Sandbox } from './program.ts';
import { asAgent, v1Client, v2Client } from './sdk.ts';

const KEY = 'the-key-of-both-servers';

/** Of {@link SUITE_TOOLS}, the one that the space does not allow. */
export const DISALLOWED = 'test_simple_text';
export const ALLOWED = SUITE_TOOLS.tools.map(({ name }) => name).filter(name => name !== DISALLOWED);

/** A space with a server of each era, `today` and `before`, and the clients that people use. */
export interface ClientWorld {
  app: AgentApp;
  space: string;
  /** By the names of the servers. */
  services: { today: string; before: string };
  endpoint: Endpoint;
  sandbox: Sandbox;
  close(): Promise<void>;
}

export async function startClientWorld(): Promise<ClientWorld> {
  const options = { ...SUITE_TOOLS, auth: { header: 'x-api-key', value: KEY } };
  const [app, modern, legacy] = await Promise.all([
    startAgentApp(),
    startModern(options),
    startLegacy(options),
  ]);
  const sandbox = newSandbox();
  const space = await newSpace(app);
  const today = await registerServer(app, 'today', modern.url, KEY);
  const before = await registerServer(app, 'before', legacy.url, KEY);
  for (const serviceId of [today, before]) await allow(app, space, serviceId, ALLOWED);
  return {
    app,
    space,
    services: { today, before },
    endpoint: { url: app.url(space), token: await app.token(space) },
    sandbox,
    async close() {
      await app.stop();
      await Promise.all([modern.close(), legacy.close()]);
      sandbox.remove();
    },
  };
}

type Connect = (world: ClientWorld) => Promise<AgentClient>;

/** Every client and protocol era that it can be told to speak. */
export const CLIENTS = {
  'v2 SDK, 2026-07-28': async ({ endpoint }) => asAgent(await v2Client(endpoint, 'auto')),
  'v2 SDK, earlier protocol': async ({ endpoint }) => asAgent(await v2Client(endpoint, 'legacy')),
  'v1 SDK': async ({ endpoint }) => asAgent(await v1Client(endpoint)),
  '@ai-sdk/mcp': ({ endpoint }) => aiSdkClient(endpoint),
  'mcp-remote, 2026-07-28': async ({ endpoint, sandbox }) =>
    asAgent(await mcpRemoteClient(endpoint, sandbox, 'auto')),
  'mcp-remote, earlier protocol': async ({ endpoint, sandbox }) =>
    asAgent(await mcpRemoteClient(endpoint, sandbox, 'legacy')),
  'Inspector, 2026-07-28': async ({ endpoint, sandbox }) => inspectorClient(endpoint, sandbox, 'modern'),
  'Inspector, earlier protocol': async ({ endpoint, sandbox }) =>
    inspectorClient(endpoint, sandbox, 'legacy'),
} satisfies Record<string, Connect>;

export type ClientName = keyof typeof CLIENTS;

/** Clients that do not show progress to whoever calls. */
export const WITHOUT_PROGRESS: readonly ClientName[] = [
  '@ai-sdk/mcp',
  'Inspector, 2026-07-28',
  'Inspector, earlier protocol',
];

/** The servers to call with a client: the Inspector, which starts anew for each call, takes the one of the other era. */
export function serversFor(name: ClientName): ('today' | 'before')[] {
  if (name === 'Inspector, 2026-07-28') return ['before'];
  return name === 'Inspector, earlier protocol' ? ['today'] : ['today', 'before'];
}
