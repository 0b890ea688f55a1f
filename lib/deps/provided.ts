import type { Vault } from '../credentials/vault.ts';
import type { Log } from '../log/fields.ts';

/** Parts of the world that the process's host brings; on Lambda they come from the environment instead. */
export interface Provided {
  /** Settings in the place of the process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
  vault?: Vault;
  pageTokenKey?: Uint8Array;
  /** Names that this process answers to beside PUBLIC_BASE_URL's, as `host:port`: never to be registered. */
  ownHosts?: readonly string[];
  externalIdKey?: Uint8Array;
  /** Where progress goes; structured logs when left out. */
  log?: Log;
  /** Milliseconds until records of tool calls are written by themselves; when left out, the host flushes them. */
  flushInvocationsEveryMs?: number;
  /** Told the key of a call that was cancelled here and may be under way in another process of the server. */
  cancelElsewhere?: (key: string) => void;
}

export const provided: Provided = {};

/** Sets parts before the first request; the embedded server brings its key file's. */
export function provide(parts: Provided): void {
  Object.assign(provided, parts);
}

/** The settings that dependencies are made from. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return provided.env ?? process.env;
}

/** A setting that a function cannot work without. @throws Error naming the variable */
export function required(name: string): string {
  const value = environment()[name];
  if (!value) throw new Error(`${name} must be set.`);
  return value;
}
