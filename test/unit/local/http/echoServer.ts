import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { FailureCode } from '../../../../lib/api/errors.ts';
import { type OperationName, operations } from '../../../../lib/api/operations.ts';
import type { ApiOptions, DeniedCall, LocalHandler } from '../../../../local/http/pipeline.ts';
import { createLocalServer, type LocalServerOptions } from '../../../../local/http/server.ts';
import { loadHttpSettings } from '../../../../local/http/settings.ts';
import type { AccessKey } from '../../../../local/identity/accessKey.ts';
import { ADMIN } from './signedRequest.ts';

export interface EchoServer {
  port: number;
  url: string;
  events: APIGatewayProxyEvent[];
  denied: DeniedCall[];
  unverified: { reason: FailureCode; sourceIp: string }[];
  errors: unknown[];
  close(): Promise<void>;
}

const names = Object.keys(operations) as OperationName[];

/** One handler for every operation. */
export function handlersOf(handler: LocalHandler): Record<OperationName, LocalHandler> {
  return Object.fromEntries(names.map(name => [name, handler])) as Record<OperationName, LocalHandler>;
}

export interface EchoOptions {
  env?: Record<string, string>;
  keys?: readonly AccessKey[];
  handler?: LocalHandler;
  handlers?: Partial<Record<OperationName, LocalHandler>>;
  onDenied?: ApiOptions['onDenied'];
  server?: Partial<LocalServerOptions>;
}

/** A server on a free port whose handlers answer what they were called with. */
export async function startEchoServer(options: EchoOptions = {}): Promise<EchoServer> {
  const seen = {
    events: [] as APIGatewayProxyEvent[],
    denied: [] as DeniedCall[],
    unverified: [] as EchoServer['unverified'],
    errors: [] as unknown[],
  };
  const echo: LocalHandler = async (event, context) => {
    seen.events.push(event);
    return { statusCode: 200, body: JSON.stringify({ echoed: context.functionName }) };
  };
  const keys = options.keys ?? [ADMIN];
  const server = createLocalServer({
    settings: loadHttpSettings({ PORT: '0', ...options.env }),
    region: 'us-east-1',
    accountId: '000000000000',
    accessKeys: { find: id => keys.find(key => key.accessKeyId === id) },
    api: {
      handlers: { ...handlersOf(options.handler ?? echo), ...options.handlers },
      onDenied: options.onDenied ?? (call => void seen.denied.push(call)),
    },
    onUnverified: call => void seen.unverified.push(call),
    onError: error => void seen.errors.push(error),
    now: Date.now,
    ...options.server,
  });
  const { port, url } = await server.listen();
  return { port, url, ...seen, close: () => server.close() };
}
