import type { Context } from 'aws-lambda';
import { inScope } from '../scope.ts';
import { reportUnexpected } from './reportUnexpected.ts';

/**
 * Binds work that runs by itself as a Lambda handler behind a schedule. A failure is reported and thrown, so that it
 * counts as an error of the function.
 */
export function scheduled<D, R>(functionName: string, work: (deps: D) => Promise<R>, makeDeps: () => D) {
  return async (_event: unknown, { awsRequestId: requestId }: Pick<Context, 'awsRequestId'>): Promise<R> =>
    inScope({ functionName, requestId }, async () => {
      try {
        return await work(makeDeps());
      } catch (error) {
        reportUnexpected(functionName, requestId, error);
        throw error;
      }
    });
}
