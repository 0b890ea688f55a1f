import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type Crowd, startCrowd } from '../support/soak/agents.ts';
import { type Disturbances, disturb, drift, rotateKey, rotateTokens } from '../support/soak/disturbances.ts';
import { type Held, median } from '../support/soak/measure.ts';
import { type SoakWorld, startSoakWorld } from '../support/soak/world.ts';

/** `npm run soak:gateway` makes it 600; without it the test is left out. */
const SECONDS = Number(process.env.SOAK_GATEWAY_SECONDS ?? 0);
/** Of agents, beside the server's own. */
const PROCESSES = Number(process.env.SOAK_GATEWAY_PROCESSES ?? 0);
/** Each has a share of what one would do. */
const IN_ALL = PROCESSES || 1;

const SAMPLES = 40;
/** What a process may come to hold once it is warm: counts of minutes, compiled code. Bytes, and open files. */
const HEAP_SLACK = 6 * 1024 * 1024;
const FILES_SLACK = 64;

it.runIf(SECONDS > 0)(
  `serves agents for ${SECONDS} s while servers restart, tokens and credentials rotate, and tools change`,
  async () => {
    const world = await startSoakWorld(PROCESSES);
    onTestFinished(world.close);
    const crowd = startCrowd(world.members, Object.values(world.servers));
    const disturbances = disturbAll(world, crowd);
    const { held, sessions } = await watch(world);
    await disturbances.stop();
    await crowd.stop();
    report(world, crowd, disturbances, held, sessions);

    expect(crowd.failures).toEqual([]);
    expect(disturbances.failures).toEqual([]);
    expect(Object.keys(disturbances.done)).toHaveLength(5);
    expect(crowd.excused).toBeLessThan(crowd.calls / 3);
    const { early, late } = halves(held);
    expect(late.heap - early.heap).toBeLessThan(HEAP_SLACK * (PROCESSES + 1));
    expect(late.files - early.files).toBeLessThan(FILES_SLACK * (PROCESSES + 1));
    // The space's in each process, and one that is on its way out.
    expect(Math.max(...sessions)).toBeLessThanOrEqual(2 * IN_ALL);
    for (const { refused } of Object.values(world.servers)) expect(refused()).toBe(0);
    await world.stop();
    expect(world.servers.before.sessions()).toBe(0);
  },
  (SECONDS + 180) * 1000,
);

/** The shorter the soak, the closer together things happen. */
function disturbAll(world: SoakWorld, crowd: Crowd): Disturbances {
  const { today, before } = world.servers;
  const times = (count: number) => Math.min(60_000, (SECONDS * 1000) / count);
  return disturb({
    'tokens rotated': { everyMs: times(12), act: () => rotateTokens(world, crowd) },
    'credentials rotated': { everyMs: times(6), act: () => rotateKey(world) },
    'definitions changed and confirmed': { everyMs: times(6), act: () => drift(world) },
    'restarts behind a load balancer': {
      everyMs: times(20),
      act: async () => {
        today.blink();
        before.blink();
      },
    },
    outages: { everyMs: times(4), act: () => today.outage(1_000) },
  });
}

/** Measures now and then until the time is over. */
async function watch({ held, servers }: SoakWorld) {
  const measured: Held[] = [];
  const sessions: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await sleep((SECONDS * 1000) / SAMPLES);
    measured.push(await held());
    sessions.push(servers.before.sessions());
    for (const server of Object.values(servers)) server.trim();
  }
  return { held: measured, sessions };
}

/** What is held by the second quarter, when the process is warm, and by the last. */
function halves(held: readonly Held[]): { early: Held; late: Held } {
  const middle = (some: readonly Held[]) => ({
    heap: median(some.map(({ heap }) => heap)),
    files: median(some.map(({ files }) => files)),
  });
  const quarter = held.length / 4;
  return { early: middle(held.slice(quarter, 2 * quarter)), late: middle(held.slice(-quarter)) };
}

function report(
  { servers }: SoakWorld,
  { calls, excused }: Crowd,
  { done }: Disturbances,
  held: readonly Held[],
  sessions: readonly number[],
): void {
  const { early, late } = halves(held);
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const lines = [
    `${calls} calls (${Math.round(calls / SECONDS)}/s), ${excused} failed while their server was away`,
    ...Object.entries(done).map(([what, count]) => `${count} × ${what}`),
    `heap ${megabytes(early.heap)} early, ${megabytes(late.heap)} late: ${held.map(({ heap }) => megabytes(heap)).join(', ')}`,
    `open files ${early.files} early, ${late.files} late; ${Math.max(...sessions)} session(s) at most`,
    `refused for their credential: ${Object.values(servers).map(({ refused }) => refused())}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
