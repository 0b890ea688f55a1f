import type { OperationName } from '../../../lib/api/operations.ts';
import { closeHours } from '../../../lib/archive/closeHours.ts';
import { HOUR_MS } from '../../../lib/archive/hours.ts';
import { gateway } from '../../../lib/deps/gateway.ts';
import { invocationLog } from '../../../lib/deps/invocationLog.ts';
import { takeLease } from '../../../lib/oauth/lease.ts';
import { wireAgent } from '../agentWire.ts';
import { ACCOUNT, type App } from '../app.ts';
import { memoryArchive, testSigner } from '../archive/memory.ts';
import { advance } from '../clock.ts';
import { CLIENTS } from '../oauth/clients.ts';
import { waitingConsent } from '../oauth/waitingConsent.ts';
import { injectStoreFault } from '../storeFaults.ts';
import { ROLE, SECRETS, SIGNING, type StorageWorld } from './world.ts';

/** What clients know at the end of the story, for going on with it. */
export interface Told {
  /** When it ended, ISO 8601. */
  at: string;
  /** Ids by name. */
  services: Record<string, string>;
  spaces: Record<string, string>;
  associations: Record<string, string>;
  /** An access token of the space `team`. */
  token: { tokenId: string; value: string };
  /** Of the registration `late`, which waits for its initiator. */
  confirmationToken: string;
}

/** For a space whose creation can be asked for again. */
export const CLIENT_TOKEN = 'storage-story-0001';
/** Under which the steps of a validation are kept. */
export const VALIDATION_ID = 'storage-story-0001';
export const TOOLS = ['echo', 'add'];

/** Calls an operation that must succeed. */
export async function ask(app: App, name: OperationName, input: object = {}) {
  const { body, error } = await app.call(name, input);
  if (error) throw new Error(`${name}: ${error} ${body?.message}`);
  return body;
}

/** What people, agents, background work and a crash do until the table has an item of every kind. */
export async function tellStory(world: StorageWorld): Promise<Told> {
  const { app } = world;
  const call = (name: OperationName, input?: object) => ask(app, name, input);
  const services: Record<string, string> = {};
  for (const [name, details] of Object.entries(direct(world))) {
    services[name] = (await call('RegisterService', registration(name, details))).serviceId;
  }
  services.signed = (await call('RegisterService', signedRegistration(world))).serviceId;
  const team = (await call('CreateAgentSpace', space('team', { clientToken: CLIENT_TOKEN }))).agentSpace;
  const gone = (await call('CreateAgentSpace', space('gone'))).agentSpace;
  const spaces = { team: team.agentSpaceId, gone: gone.agentSpaceId };

  // An hour that is over is archived; what follows waits for the next run.
  advance(2 * HOUR_MS);
  await closeHours({ ...app.deps, sink: memoryArchive(), signer: testSigner() });

  const associations: Record<string, string> = {};
  for (const [name, tools] of Object.entries({ keyed: TOOLS, bearer: ['*'] })) {
    const configuration = { mcpserver: { tools } };
    const input = { agentSpaceId: team.agentSpaceId, serviceId: services[name], configuration };
    associations[name] = (await call('AssociateService', input)).association.associationId;
  }
  const leaving = { agentSpaceId: gone.agentSpaceId, serviceId: services.keyed };
  await call('AssociateService', { ...leaving, configuration: { mcpserver: { tools: TOOLS } } });

  const made = await call('CreateAccessToken', {
    agentSpaceId: team.agentSpaceId,
    name: 'agent',
    scope: 'operate',
    allowedCidrs: ['127.0.0.0/8'],
  });
  const token = { tokenId: made.accessToken.tokenId, value: made.tokenValue };
  const agent = wireAgent(app, team.agentSpaceId, token.value);
  await agent.call('keyed_echo', { text: 'hello' });
  await gateway().settle();
  await invocationLog().flush();
  await call('ValidateService', { serviceId: services.keyed, validationId: VALIDATION_ID });

  const consent = async (name: string, authorizationConfig: object) => {
    const begun = await call(
      'RegisterService',
      registration(name, { ...oauthPeer(world), authorizationConfig }),
    );
    return waitingConsent(begun.additionalStep.oauth.authorizationUrl, SECRETS.consented, app.deps);
  };
  const confirmationToken = await consent('discovered', discovery());
  const completed = await call('CompleteRegistration', { service: 'mcpserver', confirmationToken });
  services.discovered = completed.serviceId;
  const waiting = await consent('late', threeLegged(world));

  // A process dies while it refreshes a token, and another at the beginning of a deletion.
  await takeLease({ accountId: ACCOUNT, serviceId: services.client ?? '' }, app.deps);
  const heal = injectStoreFault(app, ({ command, input }) =>
    command === 'Query' && input.includes(`#P#${gone.agentSpaceId}`) ? 'fail' : undefined,
  );
  await call('DeleteAgentSpace', { agentSpaceId: gone.agentSpaceId });
  heal();
  const at = new Date().toISOString();
  return { at, services, spaces, associations, token, confirmationToken: waiting };
}

const space = (name: string, more: object = {}) => ({
  name,
  description: 'As stored',
  tags: { stage: 'test' },
  ...more,
});

function registration(name: string, details: object): object {
  return {
    service: 'mcpserver',
    name: `The ${name} server`,
    serviceDetails: { mcpserver: { name, description: 'As stored', ...details } },
    tags: { stage: 'test' },
  };
}

/** Those that need no person. */
function direct({ keyed, bearer, provider, oauth }: StorageWorld): Record<string, object> {
  const apiKey = { apiKeyName: 'key', apiKeyValue: SECRETS.apiKey, apiKeyHeader: 'x-api-key' };
  const bearerToken = { tokenName: 'token', tokenValue: SECRETS.bearer };
  const client = { ...CLIENTS.confidential, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
  return {
    keyed: { endpoint: keyed.url, authorizationConfig: { apiKey } },
    bearer: { endpoint: bearer.url, authorizationConfig: { bearerToken } },
    client: { endpoint: oauth.url, authorizationConfig: { oAuthClientCredentials: client } },
  };
}

function signedRegistration({ signed }: StorageWorld): object {
  const authorizationConfig = { ...SIGNING, mcpRoleArn: ROLE, customHeaders: { 'x-tenant': 'stored' } };
  return {
    service: 'mcpserversigv4',
    serviceDetails: { mcpserversigv4: { name: 'signed', endpoint: signed.url, authorizationConfig } },
  };
}

const oauthPeer = ({ oauth }: StorageWorld) => ({ endpoint: oauth.url });
const RETURN_TO = { returnToEndpoint: 'https://switchboard.example.com/console/' };
const discovery = () => ({ authorizationDiscovery: RETURN_TO });

function threeLegged({ provider }: StorageWorld): object {
  const { authorizationUrl, tokenUrl: exchangeUrl } = provider;
  const client = { ...CLIENTS.confidential, authorizationUrl, exchangeUrl, scopes: ['mcp:read'] };
  return { oAuth3LO: { ...client, supportCodeChallenge: true, ...RETURN_TO } };
}
