import { count, flag } from '../config.ts';
import { emfMeasure } from '../metrics/emf.ts';
import type { Measure } from '../metrics/measure.ts';

/**
 * Where samples go: to CloudWatch by the function's output on Lambda, elsewhere nowhere unless EMIT_METRICS asks for it.
 * @throws Error naming the variable at fault
 */
export function measureFrom(env: Readonly<Record<string, string | undefined>>): Measure {
  const isWanted = flag(env, 'EMIT_METRICS', Boolean(env.AWS_LAMBDA_FUNCTION_NAME));
  return isWanted ? emfMeasure(count(env, 'METRIC_PAIRS', 100, 0, 10_000)) : () => {};
}
