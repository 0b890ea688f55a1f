import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../progress.ts';
import type { Begin, FromProcess, FromServer } from './messages.ts';

/** Milliseconds that a process has to end; requests are waited for 25 s, and what they left is written. */
const STOP_MS = 40_000;
/** Milliseconds until a process that ended by itself is started again; twice as long for each that did not last. */
const RESTART_MS = 250;
const MAX_RESTART_MS = 30_000;
/** Milliseconds that a process has to last to count as one that works. */
const LASTING_MS = 10_000;

export interface AgentProcessesOptions {
  /** The file that each process runs. */
  program: string;
  processes: number;
  begin: Begin;
  say: Progress;
  /** Told of a call that was cancelled in one of them; the others have been told. */
  onCancel: (key: string) => void;
}

/** Processes that serve agents on one port. */
export interface AgentProcesses {
  port: number;
  url: string;
  /** Tells all of them that a call was cancelled. */
  cancel(key: string): void;
  /** Lets them finish their requests and write what they recorded. */
  stop(): Promise<void>;
}

/**
 * Starts the processes and waits until all serve; the system's connections are dealt out among them in turn. One that
 * ends by itself is started again: its requests are lost, those of the others are not.
 * @throws Error with the reason of one that cannot serve; none is left then
 */
export async function startAgentProcesses(options: AgentProcessesOptions): Promise<AgentProcesses> {
  const { program, processes, begin, say } = options;
  cluster.setupPrimary({ exec: program, args: [] });
  const stopping = new AbortController();
  const running = new Set<AgentProcess>();
  const cancelAll = (key: string, except?: AgentProcess) => {
    for (const one of running) if (one !== except) one.tell({ type: 'cancel', key });
  };
  const start = (): AgentProcess => {
    const started = startProcess(begin, key => {
      cancelAll(key, started);
      options.onCancel(key);
    });
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  };
  const stop = async () => {
    stopping.abort();
    await Promise.all([...running].map(one => one.stop()));
  };

  const first = Array.from({ length: processes }, start);
  const outcomes = await Promise.allSettled(first.map(({ serving }) => serving));
  const failure = outcomes.find(outcome => outcome.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const [place] = await Promise.all(first.map(({ serving }) => serving));
  if (!place) throw new Error('At least one process has to be asked for.');
  const places = first.map(one => keepFilled(one, start, stopping.signal, say));
  return {
    ...place,
    cancel: cancelAll,
    async stop() {
      await stop();
      await Promise.all(places);
    },
  };
}

/** Starts another process whenever the one before has ended, until told to stop. */
async function keepFilled(
  first: AgentProcess,
  start: () => AgentProcess,
  stopping: AbortSignal,
  say: Progress,
): Promise<void> {
  let quickEnds = 0;
  for (let one = first; ; one = start()) {
    const begun = performance.now();
    one.serving.catch((error: Error) => say(error.message));
    const how = await one.ended;
    if (stopping.aborted) return;
    quickEnds = performance.now() - begun < LASTING_MS ? quickEnds + 1 : 0;
    say(`A process of agents ended (${how}); another one is started.`);
    const delay = Math.min(RESTART_MS * 2 ** quickEnds, MAX_RESTART_MS);
    await sleep(delay, undefined, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return;
  }
}

/** One process from its start to its end. */
interface AgentProcess {
  /** Rejects where it ends without having served. */
  serving: Promise<Pick<AgentProcesses, 'port' | 'url'>>;
  /** Resolves with how it ended: a signal, or an exit code. */
  ended: Promise<string>;
  tell(message: FromServer): void;
  stop(): Promise<void>;
}

function startProcess(begin: Begin, onCancel: (key: string) => void): AgentProcess {
  const worker = cluster.fork();
  // One that is about to end hears nothing any more.
  const tell = (message: FromServer) => void (worker.isConnected() && worker.send(message, () => {}));
  const ended = endOf(worker);
  worker.on('message', (message: FromProcess) => {
    if (message.type === 'online') tell(begin);
    if (message.type === 'cancel') onCancel(message.key);
  });
  return {
    serving: servingOf(worker, ended),
    ended,
    tell,
    async stop() {
      tell({ type: 'stop' });
      const late = setTimeout(() => worker.process.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Also of one that could not even be started. */
function endOf(worker: Worker): Promise<string> {
  return new Promise(resolve => {
    worker.once('exit', (code, signal) => resolve(String(signal ?? code)));
    worker.on('error', (error: Error) => resolve(error.message));
  });
}

function servingOf(worker: Worker, ended: Promise<string>): AgentProcess['serving'] {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromProcess) => {
      if (message.type === 'serving') resolve({ port: message.port, url: message.url });
      if (message.type === 'failed') reject(new Error(message.message));
    });
    void ended.then(how => reject(new Error(`A process of agents ended before it served (${how}).`)));
  });
}
