import { expect, it } from 'vitest';
import { apiKeyRegistration, OTHER_ACCOUNT } from '../support/app.ts';
import { contents, eventOf, expectError, fresh, KEY, ok, scan, startWorld, type World } from './support.ts';

const QUOTA = 4;
const world = startWorld({ QUOTA_VALIDATIONS_PER_MINUTE: String(QUOTA) });

const request = ({ peer }: World) => apiKeyRegistration(fresh('server'), peer.url, KEY);

/** Waits for the next minute when this one is nearly over, so that the count below falls into one. */
async function earlyInTheMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 15_000) await new Promise(resolve => setTimeout(resolve, left + 50));
}

it('counts every operation that validates, refuses before connecting, and tells when to come back', async () => {
  await earlyInTheMinute();
  const { serviceId } = ok(await world.app.call('RegisterService', request(world)));
  ok(await world.app.call('ValidateService', { serviceId }));
  ok(await world.app.call('ValidateRegistration', request(world)));
  const unreachable = apiKeyRegistration(fresh('server'), 'https://169.254.169.254/', KEY);
  expectError(await world.app.call('RegisterService', unreachable), 'ValidationException', 400);

  const before = await contents(world.app);
  const asked = world.peer.requests.length;
  const { authorizationConfig } = request(world).serviceDetails.mcpserver;
  const calls = [
    ['RegisterService', request(world)],
    ['ValidateRegistration', request(world)],
    ['ValidateService', { serviceId }],
    ['UpdateService', { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } }],
  ] as const;
  for (const [name, input] of calls) {
    const answer = await world.app.call(name, input);
    expectError(answer, 'ThrottlingException', 429, /QUOTA_VALIDATIONS_PER_MINUTE/);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
    await eventOf(world.app, name, answer);
  }
  expect(world.peer.requests).toHaveLength(asked);
  expect(await contents(world.app)).toEqual(before);
  // What reaches no server is not counted.
  ok(await world.app.call('UpdateService', { serviceId, description: 'as it is' }));

  ok(await world.app.call('RegisterService', request(world), { accountId: OTHER_ACCOUNT }));
  const counts = (await scan(world.app)).filter(({ pk }) => pk.includes('#RATE#'));
  expect(counts.map(item => item.used).sort()).toEqual([1, QUOTA]);
  // Kept no longer than it is needed.
  for (const { expiresAt } of counts) expect(Number(expiresAt) * 1000 - Date.now()).toBeLessThan(120_000);
}, 90_000);
