import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { consentDeps } from '../lib/deps/consent.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { gateway } from '../lib/deps/gateway.ts';
import { environment, provide } from '../lib/deps/provided.ts';
import { accessKeysFile, ensureRootKey, openAccessKeys } from './accessKeys.ts';
import { type AgentProcesses, startAgentProcesses } from './agents/agentProcesses.ts';
import { agentsEndpoint, keepSettled } from './agents/endpoint.ts';
import { startArchiver } from './archive/archiver.ts';
import { callerOptions, countUnknown } from './callers.ts';
import { embeddedConsole } from './embeddedConsole.ts';
import { prepareDataDir } from './engine/dataDir.ts';
import { type Engine, startEngine } from './engine/engine.ts';
import { storePath } from './engine/launchPlan.ts';
import { prepareTable } from './engine/prepareTable.ts';
import { browserHandlers, handlers } from './handlers.ts';
import { ownHosts } from './http/hosts.ts';
import { createLocalServer } from './http/server.ts';
import type { AccessKey } from './identity/accessKey.ts';
import type { SignInLink } from './identity/signInLink.ts';
import { keyFilePath, openKeyFile } from './keyFile.ts';
import { formatKeyFile, type KeyFile } from './keyFileFormat.ts';
import { installLambdaStreaming } from './lambdaStreaming.ts';
import type { Progress } from './progress.ts';
import { recordDenied } from './recordRefusals.ts';
import { loadSettings, type Settings } from './settings.ts';
import { startSweeps } from './sweeps.ts';
import { closeInvocations, provideWorld } from './world.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface EmbeddedOptions {
  env: Env;
  /** Where `node_modules` is. */
  projectRoot: string;
  /** Where the built console is; without it there is none. */
  consoleDir?: string;
  /** What each process of agents runs, where the settings ask for some. */
  agentProgram?: string;
  say: Progress;
  /** Told once when the database engine ends by itself: the server cannot go on. */
  onEngineExit: (message: string) => void;
}

export interface Embedded {
  url: string;
  /** Where agents have processes of their own. */
  agentsUrl?: string;
  dataDir: string;
  keysFile: string;
  /** The root key, when this start made it. */
  newRootKey?: AccessKey;
  /** Signs a browser in, where the console can only be reached from this machine. */
  signInLink?: SignInLink;
  /** Lets requests finish, then ends everything that was started. */
  stop(): Promise<void>;
}

/**
 * Starts everything that Switchboard needs on one machine. Whatever was started is stopped again when a later
 * step fails.
 * @throws Error whose message names what is wrong and what to do
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { env, projectRoot, say, onEngineExit } = options;
  const settings = await loadSettings(env);
  const dataDir = resolve(env.SWITCHBOARD_DATA_DIR || '.switchboard');
  const keyFile = await secrets(env, dataDir, say);
  const engine = await startEngine({ dataDir, projectRoot, env, log: say, onExit: onEngineExit });
  try {
    say(`Database: ${engine.kind} at ${engine.endpoint}`);
    provideWorld({ ...env, DYNAMODB_ENDPOINT: engine.endpoint }, keyFile, say);
    await prepareTable(engine, coreDeps().store, coreDeps().config.tableName);
    return await listen({ settings, dataDir, keyFile, engine }, options);
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function secrets(env: Env, dataDir: string, say: Progress) {
  prepareDataDir(dataDir, say);
  const databaseExists = (['dynoxide', 'dynamodb-local'] as const).some(kind =>
    existsSync(storePath(dataDir, kind)),
  );
  return openKeyFile({ path: keyFilePath(env, dataDir), databaseExists, now: Date.now });
}

/** What stands when the server begins to listen. */
interface Ground {
  settings: Settings;
  dataDir: string;
  keyFile: KeyFile;
  engine: Engine;
}

async function listen(ground: Ground, options: EmbeddedOptions): Promise<Embedded> {
  const { settings, dataDir, engine } = ground;
  const { say } = options;
  const { keysFile, newRootKey } = rootKeyOf(ground);
  let processes: AgentProcesses | undefined;
  const opened = Promise.withResolvers<void>();
  const { server, web, unknown } = prepareServer(ground, options, opened.promise, () => processes?.url);
  const { port, url } = await server.listen();
  const own = ownHosts(settings.http, port);
  provide({
    env: { ...environment(), PUBLIC_BASE_URL: url },
    cancelElsewhere: key => processes?.cancel(key),
  });
  try {
    // Before requests are served here there is no call, and not all that a gateway is made of.
    const onCancel = (key: string) => void (processes && gateway().cancelled(key));
    processes = await agentProcesses(ground, { url, ownHosts: own, onCancel }, options);
  } catch (error) {
    opened.reject(error);
    await server.close();
    throw error;
  }
  const agentHosts = settings.agents && processes ? ownHosts(settings.agents.http, processes.port) : [];
  provide({ ownHosts: [...own, ...agentHosts] });
  opened.resolve();
  const signInLink = web.writeLink(url);
  const work = startWork(ground, say);
  const stop = async () => {
    await Promise.all([server.close(), processes?.stop()]);
    web.removeLink();
    await Promise.allSettled([work.stop(), unknown.close(), gateway().close()]);
    await closeInvocations(say);
    await consentDeps().egress.close();
    await engine.stop();
  };
  return {
    url,
    ...(processes && { agentsUrl: processes.url }),
    dataDir,
    keysFile,
    ...(newRootKey && { newRootKey }),
    ...(signInLink && { signInLink }),
    stop,
  };
}

function rootKeyOf({ settings: { root, accountId }, dataDir }: Ground) {
  const keysFile = accessKeysFile(dataDir);
  return { keysFile, newRootKey: root ? undefined : ensureRootKey(keysFile, accountId, Date.now) };
}

/** The server for everything, not listening yet. */
function prepareServer(
  { settings: { http, accountId, root }, dataDir }: Ground,
  { say, consoleDir }: EmbeddedOptions,
  opened: Promise<void>,
  agentsUrl: () => string | undefined,
) {
  const deps = coreDeps();
  const file = accessKeysFile(dataDir);
  const fileKeys = openAccessKeys({ file, root, now: deps.now, onProblem: say });
  const unknown = countUnknown(accountId, deps);
  const onRefused = () => unknown.count('UnrecognizedClientException');
  const web = embeddedConsole({ consoleDir, dataDir, accountId, onRefused }, deps);
  const accessKeys = { find: (id: string) => fileKeys.find(id) ?? web.find(id) };
  const callers = callerOptions({ accountId, accessKeys, say }, unknown, deps);
  const server = createLocalServer({
    ...callers,
    settings: http,
    api: { handlers, browserHandlers, onDenied: call => recordDenied(call, deps) },
    ...(web.options && { console: { ...web.options, agentsUrl } }),
    agents: agentsEndpoint(callers, deps),
    opened,
  });
  installLambdaStreaming();
  return { server, web, unknown };
}

/** The processes that serve agents alone, where there are to be some. */
async function agentProcesses(
  { settings: { agents }, dataDir, keyFile, engine }: Ground,
  { url, ownHosts, onCancel }: { url: string; ownHosts: readonly string[]; onCancel: (key: string) => void },
  { env, agentProgram: program, say }: EmbeddedOptions,
): Promise<AgentProcesses | undefined> {
  if (!agents) return undefined;
  if (!program) throw new Error('AGENT_PROCESSES is set, but there is no program for them here.');
  return startAgentProcesses({
    program,
    processes: agents.processes,
    begin: {
      type: 'begin',
      env: Object.fromEntries(Object.entries(env).filter(isSet)),
      publicUrl: url,
      databaseEndpoint: engine.endpoint,
      dataDir,
      keyFile: formatKeyFile(keyFile.currentId, keyFile.keys),
      keyFilePath: keyFile.path,
      ownHosts,
    },
    say,
    onCancel,
  });
}

function isSet(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

/** What is done beside requests, in this process alone. */
function startWork({ settings, dataDir, keyFile, engine }: Ground, say: Progress): { stop(): Promise<void> } {
  const folder = resolve(environment().SWITCHBOARD_ARCHIVE_DIR || join(dataDir, 'archive'));
  const running = [
    startSweeps(consentDeps(), engine.kind, say),
    keepSettled(),
    ...(settings.archive ? [startArchiver({ deps: coreDeps(), folder, keyFile, say })] : []),
  ];
  return {
    async stop() {
      await Promise.allSettled(running.map(one => one.stop()));
    },
  };
}
