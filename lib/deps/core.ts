import { setTimeout as sleep } from 'node:timers/promises';
import { createPageTokens } from '../api/pageToken.ts';
import { markingClient } from '../archive/marks.ts';
import { flag, loadConfig } from '../config.ts';
import type { Deps } from '../context.ts';
import { createDocumentClient } from '../store/client.ts';
import { createIds } from './ids.ts';
import { measureFrom } from './measure.ts';
import { once } from './once.ts';
import { environment, provided } from './provided.ts';

/** What every operation needs, made at the process's first request from its environment. */
export const coreDeps = once((): Deps => {
  const env = environment();
  const config = loadConfig(env);
  const store = createDocumentClient({ region: config.region, ...endpointOf(env.DYNAMODB_ENDPOINT) });
  return {
    config,
    store: flag(env, 'AUDIT_ARCHIVE', true) ? markingClient(store, { config, now: Date.now }) : store,
    pageTokens: createPageTokens(provided.pageTokenKey ?? keyFromEnvironment(env.PAGE_TOKEN_KEY)),
    now: Date.now,
    newId: createIds(),
    random: Math.random,
    measure: measureFrom(env),
    sleep: async ms => {
      await sleep(ms);
    },
  };
});

/** An engine beside the process takes any credentials; DynamoDB itself takes the function's role. */
function endpointOf(endpoint: string | undefined) {
  if (!endpoint) return {};
  return { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** 128 bits and more: below that page tokens could be forged by guessing. */
const MIN_KEY_CHARACTERS = 22;

function keyFromEnvironment(key: string | undefined): Uint8Array {
  if (key === undefined || key.length < MIN_KEY_CHARACTERS) {
    throw new Error(`PAGE_TOKEN_KEY must hold at least ${MIN_KEY_CHARACTERS} random characters.`);
  }
  return Buffer.from(key);
}
