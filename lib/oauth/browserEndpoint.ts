import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { measured } from '../api/measured.ts';
import { reportUnexpected } from '../api/reportUnexpected.ts';
import type { Deps } from '../context.ts';
import { inScope } from '../scope.ts';
import { problemAnswer } from './consentAnswer.ts';

/** What a route does for a browser. */
export type BrowserRun<D> = (event: APIGatewayProxyEvent, deps: D) => Promise<APIGatewayProxyResult>;

/**
 * Binds an open route as a Lambda handler: nobody is authenticated, answers are pages and redirects, and a failure
 * tells the request id and nothing else.
 */
export function browserEndpoint<D extends Pick<Deps, 'measure' | 'now'>>(
  name: string,
  run: BrowserRun<D>,
  makeDeps: () => D,
): BrowserRun<unknown> {
  const serve: BrowserRun<unknown> = async event => {
    const { requestId } = event.requestContext;
    try {
      const { service } = event.pathParameters ?? {};
      // API Gateway knows these routes with a label: see browserRoutes.
      if (service && service !== 'mcpserver') return problemAnswer(404, 'There is no such page.', requestId);
      const deps = makeDeps();
      return await measured({ operation: name, access: 'open' }, deps, () => run(event, deps));
    } catch (error) {
      reportUnexpected(name, requestId, error);
      return problemAnswer(503, 'Something went wrong. Reload this page to try again.', requestId);
    }
  };
  return (event, deps) =>
    inScope({ functionName: name, requestId: event.requestContext.requestId }, () => serve(event, deps));
}
