import { afterAll, afterEach, beforeAll } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from './agents.ts';
import { type AgentEra, ERAS, type WireAgent, wireAgent } from './agentWire.ts';
import { repeats, type ScriptedPeer, startScripted } from './mcp/scripted.ts';
import type { WireTool } from './mcp/toolShelf.ts';

export interface ScriptedWorldOptions {
  env?: Record<string, string>;
  /** The servers' API key. */
  key?: string;
  tools?: readonly WireTool[];
  /** Of each server; `act` alone when left out. */
  allowed?: string[];
  toolDetails?: object[];
}

/** The app of a test file with one space, and in it one scripted server of each era that is called after it. */
export interface ScriptedWorld {
  app: AgentApp;
  space: string;
  token: string;
  /** The servers' API key. */
  key: string;
  /** May use all that is allowed. */
  agent: WireAgent;
  peers: Record<AgentEra, ScriptedPeer>;
}

/** Starts it before the file's tests; servers answer with the arguments of calls again after each. */
export function startScriptedWorld(options: ScriptedWorldOptions = {}): ScriptedWorld {
  const { env, key = 'the-key-of-the-servers', tools, allowed = ['act'], toolDetails } = options;
  const world = {} as ScriptedWorld;
  beforeAll(async () => {
    const given = { auth: { header: 'x-api-key', value: key }, ...(tools && { tools }) };
    const [modern, legacy] = [await startScripted(given), await startScripted({ ...given, era: 'legacy' })];
    const app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400', ...env });
    const space = await newSpace(app);
    for (const [era, peer] of Object.entries({ modern, legacy })) {
      const service = await registerServer(app, era, peer.url, key);
      await allow(app, space, service, allowed, toolDetails && { toolDetails });
    }
    const token = await app.token(space);
    Object.assign(world, {
      app,
      space,
      token,
      key,
      agent: wireAgent(app, space, token),
      peers: { modern, legacy },
    });
  });
  afterEach(() => {
    for (const era of ERAS) world.peers[era].setScript(repeats);
  });
  afterAll(async () => {
    await world.app.stop();
    await Promise.all(ERAS.map(era => world.peers[era].close()));
  });
  return world;
}
