import type { Config } from '../context.ts';

/**
 * Whether what was made at a moment (epoch milliseconds) is from before the deployment's secrets are good again
 * (`TOKENS_VALID_FROM`, for use after a restore). What nobody can tell the time of, `NaN`, is.
 */
export function isOutdated(madeAt: number, { tokensValidFrom }: Pick<Config, 'tokensValidFrom'>): boolean {
  return !(madeAt >= tokensValidFrom);
}
