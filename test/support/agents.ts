import { setTimeout as sleep } from 'node:timers/promises';
import { gateway } from '../../lib/deps/gateway.ts';
import { invocationLog } from '../../lib/deps/invocationLog.ts';
import { provide } from '../../lib/deps/provided.ts';
import { agentsEndpoint } from '../../local/agents/endpoint.ts';
import { handlers } from '../../local/handlers.ts';
import { createLocalServer } from '../../local/http/server.ts';
import { loadHttpSettings } from '../../local/http/settings.ts';
import { installLambdaStreaming } from '../../local/lambdaStreaming.ts';
import { ACCOUNT, type Answer, type App, apiKeyRegistration, startApp } from './app.ts';

/** The app with its agents' endpoint listening on loopback. */
export interface AgentApp extends App {
  port: number;
  /** The MCP endpoint of a space, or of one of its servers. */
  url(agentSpaceId: string, serverName?: string): string;
  /** A new access token of a space. */
  token(agentSpaceId: string, scope?: 'read' | 'operate', more?: object): Promise<string>;
  /** The space's history of calls, oldest first, once all of it is stored. */
  invocations(agentSpaceId: string): Promise<Record<string, unknown>[]>;
}

/** Starts it; what agents do is measured against nothing slower than milliseconds unless `env` says otherwise. */
export async function startAgentApp(env: Record<string, string> = {}): Promise<AgentApp> {
  const app = await startApp({
    QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN: '1000000',
    QUOTA_REQUESTS_PER_MINUTE_PER_SPACE: '1000000',
    ...env,
  });
  provide({ flushInvocationsEveryMs: 50 });
  installLambdaStreaming();
  const shared = {
    region: 'us-east-1',
    accountId: ACCOUNT,
    accessKeys: { find: () => undefined },
    now: Date.now,
    onUnverified: () => {},
    onError: (error: unknown) => void process.stderr.write(`${error}\n`),
  };
  const server = createLocalServer({
    ...shared,
    settings: { ...loadHttpSettings({}), port: 0 },
    api: { handlers, onDenied: () => {} },
    agents: { ...agentsEndpoint(shared, app.deps), onDenied: async () => {} },
  });
  const { port } = await server.listen();
  return {
    ...app,
    port,
    url: (space, server) =>
      `http://127.0.0.1:${port}/v1/agentspaces/${space}/mcp${server === undefined ? '' : `/${server}`}`,
    async token(agentSpaceId, scope = 'operate', more = {}) {
      const { body } = await app.call('CreateAccessToken', { agentSpaceId, name: 'agent', scope, ...more });
      return String(body.tokenValue);
    },
    invocations: agentSpaceId => invocationsOf(app, agentSpaceId),
    async stop() {
      await server.close();
      await gateway().close();
      await invocationLog().close();
      await app.stop();
    },
  };
}

async function invocationsOf(app: App, agentSpaceId: string): Promise<Record<string, unknown>[]> {
  await invocationLog().flush();
  const found: Record<string, unknown>[] = [];
  let nextToken: string | undefined;
  do {
    const { body } = await app.call('ListInvocations', { agentSpaceId, ...(nextToken && { nextToken }) });
    found.push(...body.invocations);
    nextToken = body.nextToken;
  } while (nextToken);
  return found.reverse();
}

/** The answer of an operation that must succeed. */
function ok(answer: Answer) {
  if (answer.error) throw new Error(`${answer.error}: ${answer.body?.message}`);
  return answer.body;
}

/** Registers a server that asks for an API key; its id. */
export async function registerServer(app: App, name: string, endpoint: string, key: string): Promise<string> {
  return ok(await app.call('RegisterService', apiKeyRegistration(name, endpoint, key))).serviceId;
}

/** Creates a space; its id. */
export async function newSpace(app: App, more: object = {}): Promise<string> {
  return ok(await app.call('CreateAgentSpace', { name: 'agents', ...more })).agentSpace.agentSpaceId;
}

/** Lets a space use tools of a server; the association. */
export async function allow(
  app: App,
  agentSpaceId: string,
  serviceId: string,
  tools: string[],
  more: object = {},
) {
  // An id begins with the type of its service.
  const [type = ''] = serviceId.split('-');
  const configuration = { [type]: { tools, ...more } };
  return ok(await app.call('AssociateService', { agentSpaceId, serviceId, configuration })).association;
}

/** A space with one server, and how its agents connect. */
export interface OneServerSpace {
  space: string;
  serviceId: string;
  /** Of the server. */
  name: string;
  endpoint: { url: string; token: string };
}

/** Registers a server, and has a new space use tools of it. */
export async function openSpace(
  app: AgentApp,
  peer: { url: string; port: number },
  tools: string[],
): Promise<OneServerSpace> {
  const name = `s${peer.port}`;
  const serviceId = await registerServer(app, name, peer.url, 'any');
  const space = await newSpace(app);
  await allow(app, space, serviceId, tools);
  return { space, serviceId, name, endpoint: { url: app.url(space), token: await app.token(space) } };
}

/** Waits until what `look` finds is something. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, ms = 10_000): Promise<T> {
  for (let waited = 0; waited < ms; waited += 25) {
    const found = await look();
    if (found) return found;
    await sleep(25);
  }
  throw new Error('It did not come about.');
}
