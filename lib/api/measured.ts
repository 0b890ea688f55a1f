import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Deps } from '../context.ts';
import { outcomeOf, type Sample } from '../metrics/measure.ts';
import { statusOf, toFailure } from './errorResponse.ts';

type Call = Pick<Extract<Sample, { kind: 'call' }>, 'operation' | 'access'>;

/** Counts a call with its outcome, and tells how long it took, whatever comes of it. */
export async function measured(
  call: Call,
  { measure, now }: Pick<Deps, 'measure' | 'now'>,
  work: () => Promise<APIGatewayProxyResult>,
): Promise<APIGatewayProxyResult> {
  const began = now();
  const tell = (status: number) =>
    measure({ kind: 'call', ...call, ms: now() - began, outcome: outcomeOf(status) });
  try {
    const result = await work();
    tell(result.statusCode);
    return result;
  } catch (error) {
    tell(statusOf(toFailure(error, '')));
    throw error;
  }
}
