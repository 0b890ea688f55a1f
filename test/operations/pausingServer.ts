import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import type { WireTool } from '../support/mcp/toolShelf.ts';
import { KEY } from './support.ts';

/** A real server that holds back one answer to `tools/list` until it is let go. */
export interface PausingServer {
  peer: McpPeer;
  setTools(tools: readonly WireTool[]): void;
  /** The next list is taken now and told after `release`; `seen` tells that it was asked for. */
  pauseNext(): { seen: Promise<void>; release: () => void };
}

/** Starts one behind the API key of the tests. */
export async function startPausingServer(initial: readonly WireTool[]): Promise<PausingServer> {
  let tools = initial;
  let pause: { seen: () => void; released: Promise<void> } | undefined;
  const peer = await startModern({
    auth: { header: 'x-api-key', value: KEY },
    listTools: async () => {
      const taken = { tools: [...tools] };
      const held = pause;
      pause = undefined;
      held?.seen();
      await held?.released;
      return taken;
    },
  });
  return {
    peer,
    setTools: next => {
      tools = next;
    },
    pauseNext: () => {
      const [seen, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      pause = { seen: seen.resolve, released: released.promise };
      return { seen: seen.promise, release: released.resolve };
    },
  };
}
