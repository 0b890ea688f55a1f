import { setTimeout as sleep } from 'node:timers/promises';
import { legacyListener } from '../mcp/legacy.ts';
import { modernListener } from '../mcp/modern.ts';
import { type Peer, startTlsServer } from '../mcp/tlsServer.ts';
import type { ToolShelf } from '../mcp/toolShelf.ts';

/** A server that restarts, and whose credential changes. */
export interface SoakServer {
  name: string;
  url: string;
  shelf: ToolShelf;
  /** API keys that are let in. */
  keys: Set<string>;
  /** Requests with none of them. */
  refused(): number;
  /** Sessions that are open; none where it is stateless. */
  sessions(): number;
  /** Cuts its connections and forgets its sessions, as a restart behind a load balancer does. */
  blink(): void;
  /** Is gone for a while. */
  outage(ms: number): Promise<void>;
  /** Whether a call from `began` to now may have failed for an outage. */
  wasAway(began: number): boolean;
  /** Forgets what it has recorded. */
  trim(): void;
  close(): Promise<void>;
}

/** Milliseconds after an outage in which calls may still be refused: one try shows that the server is back. */
const RECOVERY_MS = 15_000;

export async function startSoakServer(name: string, era: 'modern' | 'legacy'): Promise<SoakServer> {
  const { listener, shelf, sessions } = era === 'modern' ? modern() : legacyListener();
  const keys = new Set([`${name}-key-0`]);
  let refused = 0;
  let awayUntil = 0;
  const guarded: Parameters<typeof startTlsServer>[0] = (request, response) => {
    if (keys.has(String(request.headers['x-api-key']))) return listener(request, response);
    refused++;
    response.writeHead(401).end();
  };
  let peer: Peer = await startTlsServer(guarded);
  return {
    name,
    url: peer.url,
    shelf,
    keys,
    refused: () => refused,
    sessions: () => sessions.size,
    blink() {
      sessions.clear();
      peer.cut();
    },
    async outage(ms) {
      awayUntil = Number.POSITIVE_INFINITY;
      await peer.close();
      sessions.clear();
      await sleep(ms);
      peer = await startTlsServer(guarded, { port: peer.port });
      awayUntil = Date.now() + RECOVERY_MS;
    },
    wasAway: began => began < awayUntil,
    trim() {
      for (const records of [peer.requests, shelf.calls, shelf.listed]) records.length = 0;
    },
    close: () => peer.close(),
  };
}

function modern() {
  return { ...modernListener(), sessions: new Map<string, unknown>() };
}
