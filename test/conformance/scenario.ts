import * as z from 'zod';
import type { Switchboard } from './switchboard.ts';

/** What the suite tells a client. */
export const Scenario = z.object({
  scenario: z.string(),
  endpoint: z.string(),
  context: z.object({ client_id: z.string().optional(), client_secret: z.string().optional() }),
});

type Scenario = z.infer<typeof Scenario>;

/** Scenarios without authorization: whatever is sent is let in. */
const OPEN = new Set(['tools_call', 'sse-retry']);

/** Arguments of the tools that scenarios offer; others take none. */
const ARGUMENTS: Record<string, Record<string, unknown>> = { add_numbers: { a: 5, b: 3 } };

/**
 * Registers a scenario's server as an operator does, by the method that the scenario is about, then uses it as an
 * agent does.
 * @throws Error where something is refused on the way
 */
export async function play(scenario: Scenario, switchboard: Switchboard): Promise<void> {
  if (scenario.scenario === 'initialize') return shakeHands(scenario, switchboard);
  const { call, consent } = switchboard;
  const { serviceId: direct, additionalStep } = await call(
    'RegisterService',
    registration(scenario, await authorization(scenario, switchboard)),
  );
  const serviceId = direct ?? (await consent(additionalStep.oauth.authorizationUrl));
  const { report } = await call('ValidateService', { serviceId });
  if (!report.valid) throw new Error(JSON.stringify(report.steps));
  await callTools(serviceId, switchboard).catch(async error => {
    if (!(await needsMoreScopes(serviceId, switchboard))) throw error;
    await callTools(serviceId, switchboard);
  });
}

/** As an operator does who is told that the server wants more: once, then the server means no. */
async function needsMoreScopes(serviceId: string, { call, consent, console }: Switchboard): Promise<boolean> {
  const { report } = await call('ValidateService', { serviceId });
  if (!report.warnings.some(({ code }: { code: string }) => code === 'SCOPES_DEMANDED')) return false;
  const authorizationConfig = { authorizationDiscovery: { returnToEndpoint: console } };
  const update = { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } };
  const { additionalStep } = await call('UpdateService', update);
  await consent(additionalStep.oauth.authorizationUrl);
  return true;
}

/** The scenario's server has no tools, so that it could not be registered. */
async function shakeHands(scenario: Scenario, { call }: Switchboard): Promise<void> {
  const { report } = await call('ValidateRegistration', registration(scenario, ANY_TOKEN));
  const handshake = report.steps.find(({ step }: { step: string }) => step === 'handshake');
  if (handshake.status !== 'passed') throw new Error(JSON.stringify(report.steps));
}

async function callTools(serviceId: string, { call, connect }: Switchboard): Promise<void> {
  const { tools } = await call('ListServiceTools', { serviceId });
  const server = await connect(serviceId);
  try {
    for (const { name } of tools) {
      const params = { name, arguments: ARGUMENTS[name] ?? {} };
      await server.ask((client, options) => client.callTool(params, options));
    }
  } finally {
    await server.close();
  }
}

const ANY_TOKEN = { bearerToken: { tokenName: 'any', tokenValue: 'any' } };

function registration({ scenario, endpoint }: Scenario, authorizationConfig: object) {
  const name = scenario.replaceAll(/[^a-z0-9]+/g, '-');
  return { service: 'mcpserver', serviceDetails: { mcpserver: { name, endpoint, authorizationConfig } } };
}

async function authorization(
  { scenario, endpoint, context }: Scenario,
  { console }: Switchboard,
): Promise<object> {
  if (OPEN.has(scenario)) return ANY_TOKEN;
  if (!context.client_id) return { authorizationDiscovery: { returnToEndpoint: console } };
  const provider = await documented(endpoint);
  const client = {
    clientName: 'conformance',
    clientId: context.client_id,
    clientSecret: context.client_secret ?? 'none',
    exchangeUrl: provider.token_endpoint,
  };
  if (scenario.includes('client-credentials')) return { oAuthClientCredentials: client };
  const threeLegged = {
    authorizationUrl: provider.authorization_endpoint,
    supportCodeChallenge: true,
    returnToEndpoint: console,
  };
  return { oAuth3LO: { ...client, ...threeLegged } };
}

/** Endpoints that an operator would read in the provider's documentation. */
async function documented(
  endpoint: string,
): Promise<{ token_endpoint: string; authorization_endpoint: string }> {
  const { origin, pathname } = new URL(endpoint);
  const resource = await json(`${origin}/.well-known/oauth-protected-resource${pathname}`);
  const [issuer = ''] = resource.authorization_servers;
  return json(`${new URL(issuer).origin}/.well-known/oauth-authorization-server`);
}

// biome-ignore lint/suspicious/noExplicitAny: documents of a mock
async function json(url: string): Promise<any> {
  return (await fetch(url)).json();
}
