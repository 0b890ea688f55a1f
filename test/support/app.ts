import type { APIGatewayProxyResult } from 'aws-lambda';
import { errorResponse } from '../../lib/api/errorResponse.ts';
import { ApiError } from '../../lib/api/errors.ts';
import { errorsOf, type Operation } from '../../lib/api/operation.ts';
import { type OperationName, operations } from '../../lib/api/operations.ts';
import { labelsOf } from '../../lib/api/path.ts';
import { createKeyFileVault } from '../../lib/credentials/keyFileVault.ts';
import { provide } from '../../lib/deps/provided.ts';
import { serverDeps } from '../../lib/deps/server.ts';
import type { ServerDeps } from '../../lib/services/serverDeps.ts';
import { handlers } from '../../local/handlers.ts';
import { toProxyEvent } from '../../local/http/event.ts';
import { lambdaContext } from '../../local/http/lambdaContext.ts';
import { route } from '../../local/http/router.ts';
import type { AccessKey } from '../../local/identity/accessKey.ts';
import { caFile } from './caFile.ts';
import { startTestEngine, type TestEngine } from './engine.ts';
import { vaultUnderRoles } from './iam/underRoles.ts';
import { vaultTestKey } from './vaultTestKey.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';

/** An answer as a client sees it. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the wire holds
  body: any;
  /** The error's name, when it is one. */
  error?: string;
}

export interface CallOptions {
  accountId?: string;
  userName?: string;
  accessKeyId?: string;
  /** Sent instead of the body that the input makes. */
  rawBody?: string;
}

/** A request as it comes over the wire. */
export interface WireRequest {
  method: string;
  rawPath: string;
  rawQuery: string;
  body: string | Uint8Array;
}

/** The handlers of functions/ on a real engine, in this process: one per test file. */
export interface App {
  engine: TestEngine;
  deps: ServerDeps;
  /** Calls an operation as API Gateway would. */
  call(name: OperationName, input?: object, options?: CallOptions): Promise<Answer>;
  /** Sends any request at all; `reached` tells whether a handler saw it. */
  send(request: WireRequest, options?: CallOptions): Promise<Answer & { reached: boolean }>;
  /** Every audit event of an account, oldest first, reads included. */
  events(accountId?: string): Promise<AuditRecord[]>;
  stop(): Promise<void>;
}

export interface AuditRecord {
  eventName: string;
  eventID: string;
  requestID: string;
  readOnly: boolean;
  errorCode?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the record holds
  [member: string]: any;
}

/** Starts the app; `env` adds to settings that let loopback servers of the test authority be registered. */
export async function startApp(env: Record<string, string> = {}): Promise<App> {
  const engine = await startTestEngine();
  provide({
    env: {
      AWS_REGION: 'us-east-1',
      TABLE_NAME: engine.tableName,
      DYNAMODB_ENDPOINT: engine.endpoint,
      ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
      EGRESS_CA_FILE: await caFile(),
      QUOTA_VALIDATIONS_PER_MINUTE: '100000',
      // A process marks each hour of events once: an item beside those that tests expect of an operation.
      AUDIT_ARCHIVE: 'false',
      ...env,
    },
    vault: vaultUnderRoles(createKeyFileVault({ keys: [vaultTestKey()] })),
    pageTokenKey: Buffer.alloc(32, 7),
    externalIdKey: Buffer.alloc(32, 8),
    log: () => {},
  });
  const deps = serverDeps();
  return {
    engine,
    deps,
    call: (name, input = {}, options = {}) => call(operations[name], input, options),
    send: (request, options = {}) => send(request, options),
    events: accountId =>
      allEvents(accountId ?? ACCOUNT, options =>
        call(operations.LookupEvents, options, { accountId: accountId ?? ACCOUNT }),
      ),
    async stop() {
      await deps.egress.close();
      await engine.stop();
    },
  };
}

async function call(operation: Operation, input: object, options: CallOptions): Promise<Answer> {
  const request = toRequest(operation, input);
  const answer = toAnswer(await dispatch({ ...request, body: options.rawBody ?? request.body }, options));
  if (answer.error && !errorsOf(operation).some(code => code === answer.error)) {
    throw new Error(`${operation.name} does not declare that it answers with ${answer.error}`);
  }
  return answer;
}

async function send(request: WireRequest, options: CallOptions): Promise<Answer & { reached: boolean }> {
  try {
    return { ...toAnswer(await dispatch(request, options)), reached: true };
  } catch (error) {
    // What the server in front of the handlers refuses by itself.
    if (!(error instanceof ApiError)) throw error;
    const { statusCode, headers, body } = errorResponse(error, crypto.randomUUID());
    return { ...toAnswer({ statusCode, headers, body }), reached: false };
  }
}

async function dispatch(request: WireRequest, options: CallOptions): Promise<APIGatewayProxyResult> {
  const { method, rawPath, rawQuery, body } = request;
  const found = route(method, rawPath);
  const at = Date.now();
  const requestId = crypto.randomUUID();
  const event = toProxyEvent(
    {
      method,
      rawPath,
      rawQuery,
      headers: [
        ['host', 'localhost'],
        ['user-agent', 'test'],
      ],
      body: Buffer.from(body),
    },
    {
      route: found,
      key: keyOf(options),
      accountId: ACCOUNT,
      requestId,
      at,
      sourceIp: '127.0.0.1',
      scheme: 'http',
    },
  );
  const { name } = found.operation;
  return handlers[name as OperationName](event, lambdaContext(name, requestId, at, Date.now));
}

/** An operation's input as the AWS SDKs lay it out: labels, query, JSON body. */
export function toRequest(operation: Operation, input: object) {
  const rest = { ...input } as Record<string, unknown>;
  let rawPath = operation.path;
  for (const name of labelsOf(operation.path)) {
    rawPath = rawPath.replace(`{${name}}`, encodeURIComponent(String(rest[name] ?? '')));
    delete rest[name];
  }
  const query = new URLSearchParams();
  for (const name of operation.query) {
    for (const value of [rest[name] ?? []].flat()) query.append(name, String(value));
    delete rest[name];
  }
  const body = Object.keys(rest).length > 0 ? JSON.stringify(rest) : '';
  return { method: operation.method, rawPath, rawQuery: query.toString().replaceAll('+', '%20'), body };
}

function keyOf({
  accountId = ACCOUNT,
  userName = 'tester',
  accessKeyId = 'SWBKTESTTESTTESTTEST',
}: CallOptions): AccessKey {
  return {
    accessKeyId,
    secretAccessKey: 'x'.repeat(40),
    accountId,
    role: 'admin',
    userName,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

function toAnswer(result: APIGatewayProxyResult): Answer {
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const error = headers['x-amzn-errortype'];
  return {
    status: result.statusCode,
    headers,
    body: result.body ? JSON.parse(result.body) : undefined,
    ...(error ? { error } : {}),
  };
}

async function allEvents(
  accountId: string,
  lookup: (input: object) => Promise<Answer>,
): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let NextToken: string | undefined;
  do {
    const { body, error } = await lookup({ ...(NextToken ? { NextToken } : {}) });
    if (error) throw new Error(`LookupEvents for ${accountId}: ${error} ${body.message}`);
    records.push(
      ...body.Events.map((event: { CloudTrailEvent: string }) => JSON.parse(event.CloudTrailEvent)),
    );
    NextToken = body.NextToken;
  } while (NextToken);
  return records.reverse().filter(record => record.eventName !== 'LookupEvents');
}

/** A registration request for a server that asks for an API key. */
export function apiKeyRegistration(name: string, endpoint: string, apiKeyValue: string, more: object = {}) {
  return {
    service: 'mcpserver',
    serviceDetails: {
      mcpserver: {
        name,
        endpoint,
        authorizationConfig: { apiKey: { apiKeyName: 'key', apiKeyValue, apiKeyHeader: 'x-api-key' } },
      },
    },
    ...more,
  };
}
