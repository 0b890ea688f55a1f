import { createKeyFileVault } from '../lib/credentials/keyFileVault.ts';
import { invocationLog } from '../lib/deps/invocationLog.ts';
import { provide } from '../lib/deps/provided.ts';
import { deriveKey, deriveLastingKey, vaultKeys } from './keyFile.ts';
import type { KeyFile } from './keyFileFormat.ts';
import { type Progress, progressLog } from './progress.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a crash may lose of the records of tool calls; a write for each space five times a second at most. */
const FLUSH_INVOCATIONS_MS = 200;

/** Gives a process of the embedded mode what on AWS comes from KMS, Secrets Manager and CloudWatch. */
export function provideWorld(env: Env, keyFile: KeyFile, say: Progress): void {
  provide({
    env,
    vault: createKeyFileVault({ keys: vaultKeys(keyFile) }),
    pageTokenKey: deriveKey(keyFile, 'page-tokens'),
    externalIdKey: deriveLastingKey(keyFile, 'external-ids'),
    log: progressLog(say),
    flushInvocationsEveryMs: FLUSH_INVOCATIONS_MS,
  });
}

/** Says what became of the records of tool calls, when there were any: how far the store lagged behind, and what was lost. */
export async function closeInvocations(say: Progress): Promise<void> {
  const log = invocationLog();
  await log.close();
  const { written, requests, highWater, dropped, queued } = log.stats();
  if (written + dropped + queued === 0) return;
  say(
    `Calls recorded: ${written} in ${requests} writes, at most ${highWater} waiting, ${dropped + queued} lost.`,
  );
}
