import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../lib/store/client.ts';
import { startEngine } from '../../local/engine/engine.ts';
import { ensureTable } from '../../local/engine/ensureTable.ts';
import { findEngine, type ProcessKind } from '../../local/engine/findEngine.ts';

export const PROJECT_ROOT = resolve(import.meta.dirname, '..', '..');

export interface TestEngine {
  kind: ProcessKind;
  endpoint: string;
  client: DynamoDBDocumentClient;
  tableName: string;
  stop(): Promise<void>;
}

/** A client of a local engine; such engines take any key. */
export function testClient(
  endpoint: string,
  options?: { requestTimeoutMs?: number },
): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return createDocumentClient({ endpoint, region: 'us-east-1', credentials, ...options });
}

/**
 * A real engine on a folder of its own with the table in it: one per test file. `TEST_ENGINE=dynamodb-local` makes
 * that the kind unless the test names one.
 */
export async function startTestEngine(kind: ProcessKind = defaultKind()): Promise<TestEngine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-engine-'));
  const removeDir = () => rm(dataDir, { recursive: true, force: true });
  const engine = await startEngine({ dataDir, kind, projectRoot: PROJECT_ROOT, log: () => {} }).catch(
    async error => {
      await removeDir();
      throw error;
    },
  );
  const client = testClient(engine.endpoint);
  const tableName = `test-${randomUUID()}`;
  const stop = async () => {
    await engine.stop();
    await removeDir();
  };
  try {
    await ensureTable(client, tableName);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kind, endpoint: engine.endpoint, client, tableName, stop };
}

/** The engines that this machine can run; a suite that must hold on all of them runs once for each. */
export function availableKinds(): ProcessKind[] {
  return (['dynoxide', 'dynamodb-local'] as const).filter(kind => {
    try {
      return findEngine(PROJECT_ROOT, process.env, kind).kind === kind;
    } catch {
      return false;
    }
  });
}

function defaultKind(): ProcessKind {
  return process.env.TEST_ENGINE === 'dynamodb-local' ? 'dynamodb-local' : 'dynoxide';
}
