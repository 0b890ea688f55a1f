import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type CallTrail, createAuditTrail } from '../audit/trail.ts';
import { writeEvent } from '../audit/writeEvent.ts';
import type { Deps, RequestContext } from '../context.ts';
import { callerOf } from '../identity/callerOf.ts';
import { inScope } from '../scope.ts';
import { errorResponse, toFailure } from './errorResponse.ts';
import { measured } from './measured.ts';
import { functionName, type Operation, type OperationInput, type OperationOutput } from './operation.ts';
import { parseInput } from './parseInput.ts';
import { reportUnexpected } from './reportUnexpected.ts';
import { readRequest } from './request.ts';

/** A domain function: what an operation does, free of HTTP. */
export type Run<Op extends Operation, D extends Deps> = (
  input: OperationInput<Op>,
  ctx: RequestContext,
  deps: D,
) => Promise<OperationOutput<Op>>;

/**
 * Binds an operation to its domain function as a Lambda handler behind API Gateway (REST API proxy events).
 * Every call of a proven caller leaves one audit event; every failure is one of the closed set.
 */
export function endpoint<Op extends Operation, D extends Deps>(
  operation: Op,
  run: Run<Op, D>,
  makeDeps: () => D,
) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use({
      onError: request => {
        const { requestId } = request.event.requestContext;
        reportUnexpected(operation.name, requestId, request.error);
        request.response = errorResponse(request.error, requestId);
      },
    })
    .handler(event => {
      const { requestId } = event.requestContext;
      const { name, access } = operation;
      return inScope({ functionName: functionName(operation), requestId }, () => {
        const deps = makeDeps();
        return measured({ operation: name, access }, deps, () => serve(operation, run, deps, event));
      });
    });
}

async function serve<Op extends Operation, D extends Deps>(
  operation: Op,
  run: Run<Op, D>,
  deps: D,
  event: APIGatewayProxyEvent,
): Promise<APIGatewayProxyResult> {
  const caller = callerOf(event);
  const { requestId } = event.requestContext;
  const at = deps.now();
  const request = attempt(() => readRequest(operation, event));
  const trail = createAuditTrail({
    operation,
    caller,
    requestId,
    at,
    eventId: deps.newId(at),
    input: request.value ?? {},
    config: deps.config,
  });
  try {
    if (request.error) throw request.error;
    const input = parseInput(operation, request.value);
    const work = run(input, { caller, requestId, at, audit: trail }, deps);
    const output = await recorded(operation, work, trail, deps);
    return respond(operation, output, requestId);
  } catch (error) {
    await recordFailure(error, trail, requestId, deps);
    throw error;
  }
}

/** Reads are recorded while they run; a change carries its event itself, or changed nothing. */
async function recorded<T>(operation: Operation, work: Promise<T>, trail: CallTrail, deps: Deps): Promise<T> {
  if (operation.access === 'write') {
    const output = await work;
    await writeEvent(deps, trail.success(output));
    return output;
  }
  const event = deps.config.auditReads ? writeEvent(deps, trail.success(undefined)) : Promise.resolve();
  const [output, written] = await Promise.allSettled([work, event]);
  if (output.status === 'rejected') throw output.reason;
  if (written.status === 'rejected') throw written.reason;
  return output.value;
}

/** The caller's failure stands, whether or not it could be recorded. */
async function recordFailure(error: unknown, trail: CallTrail, requestId: string, deps: Deps): Promise<void> {
  try {
    await writeEvent(deps, trail.failure(toFailure(error, requestId)));
  } catch (unrecorded) {
    reportUnexpected('audit', requestId, unrecorded);
  }
}

function respond<Op extends Operation>(
  operation: Op,
  output: OperationOutput<Op>,
  requestId: string,
): APIGatewayProxyResult {
  const contentType = operation.protocol === 'awsJson1_1' ? 'application/x-amz-json-1.1' : 'application/json';
  const headers = { 'content-type': contentType, 'x-amzn-requestid': requestId };
  // Output schemas are allow-lists: what they do not name never leaves.
  const body = operation.output.parse(output, { jitless: true });
  return {
    statusCode: operation.status,
    headers,
    body: operation.status === 204 ? '' : JSON.stringify(body),
  };
}

function attempt<T>(run: () => T): { value?: T; error?: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}
