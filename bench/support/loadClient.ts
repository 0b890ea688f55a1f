/**
 * A process that sends one request over and over on kept-alive connections, as many at a time as it is told:
 * apart from what it measures, so that it takes none of that process's time.
 */
import { Pool } from 'undici';
import { quantile, round } from './result.ts';

export interface Load {
  origin: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  concurrency: number;
  seconds: number;
}

export interface LoadResult {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  requests: number;
  /** Those before the clock started too. */
  requestsSent: number;
}

/** Requests before the clock starts, so that connections and compiled code are there. */
const WARM_UP_SECONDS = 1;

async function run(load: Load): Promise<LoadResult> {
  const pool = new Pool(load.origin, { connections: load.concurrency, pipelining: 1 });
  try {
    const warmUp = await lanes(pool, load, WARM_UP_SECONDS);
    const begun = performance.now();
    const times = await lanes(pool, load, load.seconds);
    const seconds = (performance.now() - begun) / 1000;
    return {
      requestsPerSecond: round(times.length / seconds, 0),
      p50Ms: round(quantile(times, 0.5)),
      p99Ms: round(quantile(times, 0.99)),
      requests: times.length,
      requestsSent: warmUp.length + times.length,
    };
  } finally {
    await pool.close();
  }
}

/** Milliseconds of every request that was sent within the given time. */
async function lanes(pool: Pool, load: Load, seconds: number): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  const lane = async () => {
    while (performance.now() < until) {
      const begun = performance.now();
      await once(pool, load);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, lane));
  return times;
}

/** Any answer but 200 ends the run: refusals are quicker than work. */
async function once(pool: Pool, { method, path, headers, body }: Load): Promise<void> {
  const answer = await pool.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
  if (answer.statusCode === 200) {
    await answer.body.dump();
    return;
  }
  throw new Error(`${method} ${path} answered ${answer.statusCode}: ${await answer.body.text()}`);
}

process.on('message', async (load: Load) => {
  process.send?.(await run(load));
});
