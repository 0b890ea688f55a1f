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
    try {
      await byToken.consume(`${accountId}/${caller.principalId}`);
    } catch (error) {
      throw exceeded(error, byToken, 'access token');
    }
    try {
      await bySpace.consume(`${accountId}/${agentSpaceId}`);
    } catch (error) {
      throw exceeded(error, bySpace, 'agent space');
    }
  };
}

function exceeded(
  error: unknown,
  { points }: InstanceType<typeof RateLimiterMemory>,
  whose: string,
): unknown {
  if (!(error instanceof RateLimiterRes)) return error;
  const seconds = String(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
  const message = `This ${whose} has sent ${points} requests within a minute. Try again in ${seconds} s.`;
  return refuse(429, 'RATE_LIMITED', message, { 'retry-after': seconds });
}
