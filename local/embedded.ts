import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FailureCode } from '../lib/api/errors.ts';
import { countByMinute } from '../lib/audit/minuteCounts.ts';
import { createKeyFileVault } from '../lib/credentials/keyFileVault.ts';
import { consentDeps } from '../lib/deps/consent.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { gateway } from '../lib/deps/gateway.ts';
import { invocationLog } from '../lib/deps/invocationLog.ts';
import { environment, provide } from '../lib/deps/provided.ts';
import { accessKeysFile, ensureRootKey, openAccessKeys } from './accessKeys.ts';
import { startArchiver } from './archive/archiver.ts';
import { prepareDataDir } from './engine/dataDir.ts';
import { type Engine, startEngine } from './engine/engine.ts';
import { storePath } from './engine/launchPlan.ts';
import { prepareTable } from './engine/prepareTable.ts';
import { agentLambda, browserHandlers, handlers } from './handlers.ts';
import { ownHosts } from './http/hosts.ts';
import { createLocalServer } from './http/server.ts';
import type { AccessKey } from './identity/accessKey.ts';
import { deriveKey, deriveLastingKey, keyFilePath, openKeyFile, vaultKeys } from './keyFile.ts';
import { installLambdaStreaming } from './lambdaStreaming.ts';
import { type Progress, progressLog } from './progress.ts';
import { recordDenied, recordDeniedAgent, recordUnverified } from './recordRefusals.ts';
import { loadSettings, type Settings } from './settings.ts';
import { startSweeps } from './sweeps.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a crash may lose of the records of tool calls; a write for each space five times a second at most. */
const FLUSH_INVOCATIONS_MS = 200;

export interface EmbeddedOptions {
  env: Env;
  /** Where `node_modules` is. */
  projectRoot: string;
  say: Progress;
  /** Told once when the database engine ends by itself: the server cannot go on. */
  onEngineExit: (message: string) => void;
}

export interface Embedded {
  url: string;
  dataDir: string;
  keysFile: string;
  /** The root key, when this start made it. */
  newRootKey?: AccessKey;
  /** Lets requests finish, then ends everything that was started. */
  stop(): Promise<void>;
}

/**
 * Starts everything that Switchboard needs on one machine. Whatever was started is stopped again when a later
 * step fails.
 * @throws Error whose message names what is wrong and what to do
 */
export async function startEmbedded({
  env,
  projectRoot,
  say,
  onEngineExit,
}: EmbeddedOptions): Promise<Embedded> {
  const settings = await loadSettings(env);
  const dataDir = resolve(env.SWITCHBOARD_DATA_DIR || '.switchboard');
  const vaultKeyFile = await secrets(env, dataDir, say);
  const engine = await startEngine({ dataDir, projectRoot, env, log: say, onExit: onEngineExit });
  try {
    say(`Database: ${engine.kind} at ${engine.endpoint}`);
    provide({
      env: { ...env, DYNAMODB_ENDPOINT: engine.endpoint },
      vault: createKeyFileVault({ keys: vaultKeys(vaultKeyFile) }),
      pageTokenKey: deriveKey(vaultKeyFile, 'page-tokens'),
      externalIdKey: deriveLastingKey(vaultKeyFile, 'external-ids'),
      log: progressLog(say),
      flushInvocationsEveryMs: FLUSH_INVOCATIONS_MS,
    });
    await prepareTable(engine, coreDeps().store, coreDeps().config.tableName);
    const archiveDir = resolve(env.SWITCHBOARD_ARCHIVE_DIR || join(dataDir, 'archive'));
    const archive = () => startArchiver({ deps: coreDeps(), folder: archiveDir, keyFile: vaultKeyFile, say });
    return await listen(settings, dataDir, { engine, ...(settings.archive && { archive }) }, say);
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

/** Five reasons exist; this keeps 50 minutes of a store that refuses records, and bounds memory. */
const MAX_UNVERIFIED = 256;

async function listen(
  { http, accountId, root }: Settings,
  dataDir: string,
  { engine, archive }: { engine: Engine; archive?: () => ReturnType<typeof startArchiver> },
  say: Progress,
): Promise<Embedded> {
  const deps = coreDeps();
  const keysFile = accessKeysFile(dataDir);
  const newRootKey = root ? undefined : ensureRootKey(keysFile, accountId, Date.now);
  const unverified = countByMinute<FailureCode>(
    entry => recordUnverified(entry, accountId, deps),
    deps.now,
    MAX_UNVERIFIED,
  );
  const shared = {
    region: deps.config.region,
    accountId,
    accessKeys: openAccessKeys({ file: keysFile, root, now: deps.now, onProblem: say }),
    now: deps.now,
    onUnverified: ({ reason }: { reason: FailureCode }) => void unverified.count(reason, reason),
    onError: (error: unknown, requestId: string) =>
      say(`Request ${requestId} failed: ${(error as Error)?.name ?? 'unknown error'}`),
  };
  const server = createLocalServer({
    ...shared,
    settings: http,
    handlers,
    browserHandlers,
    onDenied: call => recordDenied(call, deps),
    agents: {
      ...shared,
      handler: agentLambda,
      onDenied: call => recordDeniedAgent(call, deps),
      knows: head => gateway().knows(head),
    },
  });
  installLambdaStreaming();
  const { port, url } = await server.listen();
  provide({ env: { ...environment(), PUBLIC_BASE_URL: url }, ownHosts: ownHosts(http, port) });
  const whole = consentDeps();
  const agents = gateway();
  const sweeps = startSweeps(whole, engine.kind, say, agents);
  const archiver = archive?.();
  const stop = async () => {
    await server.close();
    await Promise.allSettled([sweeps.stop(), archiver?.stop(), unverified.close(), agents.close()]);
    await closeInvocations(say);
    await whole.egress.close();
    await engine.stop();
  };
  return { url, dataDir, keysFile, ...(newRootKey ? { newRootKey } : {}), stop };
}

/** Says what became of the records of tool calls, when there were any: how far the store lagged behind, and what was lost. */
async function closeInvocations(say: Progress): Promise<void> {
  const log = invocationLog();
  await log.close();
  const { written, requests, highWater, dropped, queued } = log.stats();
  if (written + dropped + queued === 0) return;
  say(
    `Calls recorded: ${written} in ${requests} writes, at most ${highWater} waiting, ${dropped + queued} lost.`,
  );
}
