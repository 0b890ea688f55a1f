import { expect, it, vi } from 'vitest';
import { invocationLog } from '../../lib/deps/invocationLog.ts';
import { recordsOf, type SegmentItem } from '../../lib/invocations/segment.ts';
import { startEmbedded } from '../../local/embedded.ts';
import { startEngine } from '../../local/engine/engine.ts';
import { PROJECT_ROOT, testClient } from '../support/engine.ts';
import { factsOf } from '../support/invocations.ts';
import { newDataDir, removeDataDir } from '../support/serverProcess.ts';
import { allItems } from '../support/table.ts';

/** Ids of the requests whose records are in a data folder that no server runs on. */
async function recordedIn(dataDir: string): Promise<string[]> {
  const engine = await startEngine({ dataDir, projectRoot: PROJECT_ROOT, log: () => {} });
  try {
    const items = await allItems(testClient(engine.endpoint));
    const segments = items.filter(({ pk, data }) => pk.includes('#INV#') && data);
    return segments.flatMap(item =>
      recordsOf(item as SegmentItem & typeof item).map(({ requestID }) => requestID),
    );
  } finally {
    await engine.stop();
  }
}

it('is written while the embedded server runs, and what is left when it stops', async () => {
  const dataDir = newDataDir();
  try {
    const embedded = await startEmbedded({
      env: { PATH: process.env.PATH, PORT: '0', SWITCHBOARD_DATA_DIR: dataDir },
      projectRoot: PROJECT_ROOT,
      say: () => {},
      onEngineExit: () => {},
    });
    const log = invocationLog();
    log.record(factsOf({ requestId: 'while it runs' }));
    await vi.waitFor(() => expect(log.stats().written).toBe(1), 30_000);
    log.record(factsOf({ requestId: 'when it stops' }));
    await embedded.stop();
    expect(log.stats()).toMatchObject({ queued: 0, written: 2, dropped: 0 });
    expect((await recordedIn(dataDir)).toSorted()).toEqual(['when it stops', 'while it runs']);
  } finally {
    removeDataDir(dataDir);
  }
});
