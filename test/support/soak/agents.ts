import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentClient } from '../clients/agentClient.ts';
import type { SoakServer } from './servers.ts';

/** A call that failed and should not have. */
export interface Failure {
  client: string;
  tool: string;
  message: string;
  afterMs: number;
}

/** Agents that call until they are stopped. */
export interface Crowd {
  calls: number;
  /** Calls that failed while their server was away. */
  excused: number;
  /** The first of those that should not have failed. */
  failures: Failure[];
  /** Runs `work` while no call is under way. */
  paused<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Milliseconds between two calls of one agent. */
const PAUSE_MS = 5;
const MAX_FAILURES = 20;

/** An agent of the crowd. */
export interface Member {
  name: string;
  client: AgentClient;
}

/** Has each agent call `echo` of each server in turn, with a text of its own that must come back. */
export function startCrowd(members: readonly Member[], servers: readonly SoakServer[]): Crowd {
  let stopped = false;
  let gate: Promise<unknown> = Promise.resolve();
  const underWay = new Set<Promise<unknown>>();
  const crowd: Crowd = {
    calls: 0,
    excused: 0,
    failures: [],
    paused(work) {
      const done = gate.then(() => Promise.all(underWay)).then(work);
      gate = done.catch(() => {});
      return done;
    },
    async stop() {
      stopped = true;
      await Promise.all(loops);
    },
  };
  const loop = async ({ name, client }: Member) => {
    for (let number = 0; !stopped; number++) {
      await gate;
      const server = servers[number % servers.length] as SoakServer;
      const call = once(crowd, name, client, server, `${name} ${number}`);
      underWay.add(call);
      await call.finally(() => underWay.delete(call));
      await sleep(PAUSE_MS);
    }
  };
  const loops = members.map(loop);
  return crowd;
}

async function once(crowd: Crowd, name: string, client: AgentClient, server: SoakServer, text: string) {
  const began = Date.now();
  const tool = `${server.name}_echo`;
  crowd.calls++;
  const message = await client.call(tool, { text }).then(
    ({ content }) => (content[0]?.text === text ? undefined : `answered ${JSON.stringify(content)}`),
    error => String(error),
  );
  if (message === undefined) return;
  if (server.wasAway(began)) crowd.excused++;
  else if (crowd.failures.length < MAX_FAILURES) {
    crowd.failures.push({ client: name, tool, message, afterMs: Date.now() - began });
  }
}
