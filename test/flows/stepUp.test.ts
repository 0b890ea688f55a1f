import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverDeps } from '../../lib/deps/server.ts';
import type { ServiceItem } from '../../lib/services/serviceItem.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { type Switchboard, startSwitchboard } from '../conformance/switchboard.ts';
import { ACCOUNT } from '../support/app.ts';
import { caFile } from '../support/caFile.ts';
import { modernListener } from '../support/mcp/modern.ts';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { newPerson } from '../support/oauth/person.ts';

const METADATA = '/.well-known/oauth-protected-resource/mcp';

let switchboard: Switchboard;
let provider: AuthorizationServer;
let peer: Peer;
/** The scope that the server wants for everything, from some time on. */
let wanted: string | undefined;
let serviceId: string;

beforeAll(async () => {
  switchboard = await startSwitchboard({ EGRESS_CA_FILE: await caFile() });
  provider = await startAuthorizationServer();
  const { listener } = modernListener();
  peer = await startTlsServer(async (request, response) => {
    const { origin } = new URL(peer.url);
    if (request.url === METADATA) {
      const document = { resource: peer.url, authorization_servers: [provider.issuer] };
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ ...document, scopes_supported: ['mcp:read'] }));
    }
    const token = await provider.provider.AccessToken.find(
      request.headers.authorization?.slice('Bearer '.length) ?? '',
    );
    const where = `resource_metadata="${origin}${METADATA}"`;
    const lacks = token && wanted && !token.scopes.has(wanted);
    if (token && !lacks) return listener(request, response);
    request.resume();
    const why = lacks ? `error="insufficient_scope", scope="${wanted}", ` : '';
    response.writeHead(lacks ? 403 : 401, { 'www-authenticate': `Bearer ${why}${where}` }).end();
  });
  serviceId = await consented(await begin());
});
afterAll(async () => {
  await switchboard?.stop();
  await Promise.all([peer?.close(), provider?.close()]);
});

const authorizationConfig = () => ({ authorizationDiscovery: { returnToEndpoint: switchboard.console } });

async function begin(): Promise<string> {
  const mcpserver = { name: 'step-up', endpoint: peer.url, authorizationConfig: authorizationConfig() };
  const input = { service: 'mcpserver', serviceDetails: { mcpserver } };
  return (await switchboard.call('RegisterService', input)).additionalStep.oauth.authorizationUrl;
}

async function consented(authorizationUrl: string): Promise<string> {
  const person = newPerson();
  const { location } = await person.get(await person.consent(authorizationUrl, provider));
  return new URL(location).searchParams.get('serviceId') ?? '';
}

/** The server's tool `add` does not say whether it only reads. */
const HINT_MISSING = { code: 'TOOL_READ_ONLY_HINT_MISSING' };

const validate = async () => (await switchboard.call('ValidateService', { serviceId })).report;
const stored = async () =>
  (await getItem<ServiceItem>(serverDeps(), keys.service(ACCOUNT, serviceId))) as ServiceItem;

it('asks for the scopes that a server demanded when somebody consents again', async () => {
  expect(await validate()).toMatchObject({ valid: true, warnings: [HINT_MISSING] });
  wanted = 'mcp:write';
  expect(await validate()).toMatchObject({ valid: false });
  const { demandedScopes, version } = await stored();
  expect([...(demandedScopes ?? [])]).toEqual(['mcp:write']);
  const { warnings } = await validate();
  expect(warnings).toMatchObject([
    { code: 'SCOPES_DEMANDED', message: expect.stringContaining('mcp:write') },
  ]);
  // A hint is no change of the registration.
  expect((await stored()).version).toBe(version);

  const serviceDetails = { mcpserver: { authorizationConfig: authorizationConfig() } };
  const update = await switchboard.call('UpdateService', { serviceId, serviceDetails });
  const { authorizationUrl } = update.additionalStep.oauth;
  const asked = (await newPerson().goOn(authorizationUrl)).searchParams.get('scope')?.split(' ');
  expect(asked).toEqual(['mcp:read', 'offline_access', 'mcp:write']);
  expect(await consented(authorizationUrl)).toBe(serviceId);
  expect((await stored()).demandedScopes).toBeUndefined();
  // At once, although the process still has the old token in memory.
  expect(await validate()).toMatchObject({
    valid: true,
    warnings: [{ code: 'SCOPES_PROMISE_WRITES' }, HINT_MISSING],
  });
});

it('believes no demand of another form, and remembers no more than a few', async () => {
  const before = await stored();
  wanted = 'x'.repeat(200);
  await validate();
  expect(await stored()).toEqual({
    ...before,
    validationStatus: 'invalid',
    lastValidatedAt: expect.anything(),
    report: expect.objectContaining({ valid: false }),
  });
  for (let n = 0; n < 30; n++) {
    wanted = `scope:${n}`;
    await validate();
  }
  expect((await stored()).demandedScopes?.size).toBe(20);
});
