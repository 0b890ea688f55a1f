import { afterAll, beforeAll } from 'vitest';
import { type AgentApp, registerServer, startAgentApp } from './agents.ts';
import { type McpPeer, startModern } from './mcp/modern.ts';

/** The app of a test file, and a server that is registered there as `srv`. */
export interface AgentWorld {
  app: AgentApp;
  peer: McpPeer;
  /** The server's id, and its API key. */
  service: string;
  key: string;
}

/** Starts both before the file's tests; the server is asked for its tools when a test has it done. */
export function startAgentWorld(env: Record<string, string> = {}): AgentWorld {
  const world = { key: 'the-key-of-the-server' } as AgentWorld;
  beforeAll(async () => {
    const { key } = world;
    [world.app, world.peer] = await Promise.all([
      startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400', ...env }),
      startModern({ auth: { header: 'x-api-key', value: key } }),
    ]);
    world.service = await registerServer(world.app, 'srv', world.peer.url, key);
  });
  afterAll(async () => {
    await world.app.stop();
    await world.peer.close();
  });
  return world;
}
