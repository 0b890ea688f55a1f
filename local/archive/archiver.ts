import { closeHours } from '../../lib/archive/closeHours.ts';
import { publishKey } from '../../lib/archive/publishKey.ts';
import type { Deps } from '../../lib/context.ts';
import { deriveKey } from '../keyFile.ts';
import type { KeyFile } from '../keyFileFormat.ts';
import { type Progress, progressLog } from '../progress.ts';
import { repeat } from '../repeat.ts';
import { folderSink, removeUnfinished } from './folderSink.ts';
import { localSigner } from './signingKey.ts';

/** How often hours are looked for that can be closed. */
const LOOK_MS = 60_000;
/** A look that comes so much later than the one before: the machine slept, or its clock was set. */
const SLEPT_MS = 3 * LOOK_MS;

export interface ArchiverOptions {
  deps: Pick<Deps, 'store' | 'config' | 'now'>;
  folder: string;
  keyFile: KeyFile;
  say: Progress;
}

/** Archives hours once they are over, those of earlier processes first. */
export function startArchiver({ deps, folder, keyFile, say }: ArchiverOptions): { stop(): Promise<void> } {
  const sink = folderSink(folder);
  const signer = localSigner(deriveKey(keyFile, 'archive-digests'));
  let stopped = false;
  let ready = false;
  let lookedAt = deps.now();
  const looking = repeat(LOOK_MS, async () => {
    const slept = deps.now() - lookedAt > SLEPT_MS;
    lookedAt = deps.now();
    // What was being written when the machine fell asleep is written first.
    if (slept) return;
    try {
      if (!ready) await removeUnfinished(folder);
      if (!ready) await publishKey(sink, signer);
      ready = true;
      await closeHours({ ...deps, sink, signer, log: progressLog(say) }, () => !stopped);
    } catch (error) {
      say(`The audit archive is behind: ${(error as Error).name}: ${reasonOf(error)}`);
    }
  });
  return {
    async stop() {
      stopped = true;
      await looking.stop();
    },
  };
}

/** Of the file system the code alone; nothing of an engine's answer. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? (error instanceof Error && error.name === 'Error' ? message : 'unexpected');
}
