/**
 * A process that serves agents and nothing else, started by the server as one of several. It ends when the server says so
 * or is gone, and at SIGTERM.
 */
import cluster from 'node:cluster';
import { coreDeps } from '../../lib/deps/core.ts';
import { gateway } from '../../lib/deps/gateway.ts';
import { provide } from '../../lib/deps/provided.ts';
import { serverDeps } from '../../lib/deps/server.ts';
import { accessKeysFile, openAccessKeys } from '../accessKeys.ts';
import { callerOptions, countUnknown } from '../callers.ts';
import { ownHosts } from '../http/hosts.ts';
import { createLocalServer } from '../http/server.ts';
import { parseKeyFile } from '../keyFileFormat.ts';
import { installLambdaStreaming } from '../lambdaStreaming.ts';
import { letCallsDieYoung } from '../letCallsDieYoung.ts';
import { loadSettings } from '../settings.ts';
import { closeInvocations, provideWorld } from '../world.ts';
import { agentsEndpoint, keepSettled } from './endpoint.ts';
import type { Begin, FromProcess, FromServer } from './messages.ts';

const say = (line: string) => console.log(`Agents' process ${cluster.worker?.id}: ${line}`);
const tell = (message: FromProcess) => void process.send?.(message);

/** Serves until the function that it answers with is called. @throws Error naming what is wrong and what to do */
async function serve(begin: Begin): Promise<() => Promise<void>> {
  const { accountId, root, agents } = await loadSettings(begin.env);
  if (!agents) throw new Error('AGENT_PROCESSES is not set.');
  const { publicUrl: PUBLIC_BASE_URL, databaseEndpoint: DYNAMODB_ENDPOINT } = begin;
  const keyFile = parseKeyFile(begin.keyFilePath, begin.keyFile);
  provideWorld({ ...begin.env, PUBLIC_BASE_URL, DYNAMODB_ENDPOINT }, keyFile, say);
  provide({ cancelElsewhere: key => tell({ type: 'cancel', key }) });
  const deps = coreDeps();
  const unknown = countUnknown(accountId, deps);
  const file = accessKeysFile(begin.dataDir);
  const accessKeys = openAccessKeys({ file, root, now: deps.now, onProblem: say });
  const callers = callerOptions({ accountId, accessKeys, say }, unknown, deps);
  const server = createLocalServer({
    ...callers,
    settings: agents.http,
    agents: agentsEndpoint(callers, deps),
  });
  installLambdaStreaming();
  const { port, url } = await server.listen();
  provide({ ownHosts: [...begin.ownHosts, ...ownHosts(agents.http, port)] });
  const settling = keepSettled();
  tell({ type: 'serving', port, url });
  return async () => {
    await server.close();
    await Promise.allSettled([settling.stop(), unknown.close(), gateway().close()]);
    await closeInvocations(say);
    await serverDeps().egress.close();
  };
}

let stop: (() => Promise<void>) | undefined;
let ending = false;

/** Once: a server that stops tells it, and so may whatever ends all processes of a service. */
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await stop?.();
  process.exit(0);
}

async function begin(message: Begin): Promise<void> {
  try {
    stop = await serve(message);
  } catch (error) {
    process.send?.({ type: 'failed', message: (error as Error).message } satisfies FromProcess, () =>
      process.exit(1),
    );
  }
}

process.on('message', (message: FromServer) => {
  if (message.type === 'begin') void begin(message);
  else if (message.type === 'stop') void end();
  // Before it serves it has no call, and not all that a gateway is made of.
  else if (stop) gateway().cancelled(message.key);
});
// A terminal interrupts all processes at once; the server says when to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void end());
letCallsDieYoung();
tell({ type: 'online' });
