import { count, flag } from '../config.ts';
import { emfMeasure } from '../metrics/emf.ts';
import type { Measure } from '../metrics/measure.ts';
import { once } from './once.ts';
import { environment } from './provided.ts';

/** Where samples go: to CloudWatch by the function's output on Lambda, elsewhere nowhere unless asked for. */
export const measure = once((): Measure => {
  const env = environment();
  const isWanted = flag(env, 'EMIT_METRICS', Boolean(env.AWS_LAMBDA_FUNCTION_NAME));
  if (!isWanted) return () => {};
  return emfMeasure(count(env, 'METRIC_PAIRS', 100, 0, 10_000));
});
