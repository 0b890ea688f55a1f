import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { refuse } from './refusal.ts';
import type { Agent, GatewaySettings } from './types.ts';

/** Counts a request of an agent. @throws GatewayRefusal (429) with the time to come back */
export type CountRequest = (agent: Agent) => Promise<void>;

/** The limits of a token (or signer) and of a space, each over a minute, in this process. */
export function createRateLimits({ requestsPerMinute }: GatewaySettings): CountRequest {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: 60 });
  const byToken = limiter(requestsPerMinute.token);
  const bySpace = limiter(requestsPerMinute.space);
  return async ({ accountId, agentSpaceId, caller }) => {
    await take(byToken, `${accountId}/${caller.principalId}`, 'access token');
    await take(bySpace, `${accountId}/${agentSpaceId}`, 'agent space');
  };
}

async function take(
  limiter: InstanceType<typeof RateLimiterMemory>,
  key: string,
  whose: string,
): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const seconds = String(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    const message = `This ${whose} has sent ${limiter.points} requests within a minute. Try again in ${seconds} s.`;
    throw refuse(429, 'RATE_LIMITED', message, { 'retry-after': seconds });
  }
}
