import { describe, expect, it } from 'vitest';
import { apiKeyRegistration, OTHER_ACCOUNT } from '../support/app.ts';
import { type FaultName, startBroken } from '../support/mcp/broken.ts';
import { contents, eventOf, expectError, expectInvalid, fresh, KEY, ok, startWorld } from './support.ts';

const QUOTA = 3;
const world = startWorld({ QUOTA_SERVICES: String(QUOTA) });

const ENDPOINT = '/serviceDetails/mcpserver/endpoint';
const SECRET = '/serviceDetails/mcpserver/authorizationConfig/apiKey/apiKeyValue';

const request = (more: object = {}) => apiKeyRegistration(fresh('server'), world.peer.url, KEY, more);

/** A refused registration leaves one event without a resource, and nothing else. */
async function refused(input: object) {
  const before = await contents(world.app);
  const answer = await world.app.call('RegisterService', input);
  const event = await eventOf(world.app, 'RegisterService', answer);
  expect(event).toMatchObject({ resources: [], responseElements: null });
  expect(JSON.stringify(event)).not.toContain(KEY);
  expect(JSON.stringify(answer)).not.toContain(KEY);
  expect(await contents(world.app)).toEqual(before);
  return { answer, event };
}

const BROKEN: [FaultName, string, string][] = [
  ['expiredCertificate', 'TLS_FAILED', ENDPOINT],
  ['closesAtOnce', 'TLS_FAILED', ENDPOINT],
  ['sseOnly', 'TRANSPORT_SSE_ONLY', ENDPOINT],
  ['htmlPage', 'TRANSPORT_NOT_MCP', ENDPOINT],
  ['rateLimited', 'TRANSPORT_RATE_LIMITED', ENDPOINT],
  ['serverError', 'HTTP_SERVER_ERROR', ENDPOINT],
  ['redirectsToMetadata', 'HTTP_REDIRECT_REFUSED', ENDPOINT],
  ['rejectsCredential', 'CREDENTIAL_REJECTED', SECRET],
  ['forbidsCredential', 'CREDENTIAL_FORBIDDEN', SECRET],
  ['unknownVersion', 'HANDSHAKE_UNSUPPORTED_VERSION', ENDPOINT],
  ['withoutTools', 'TOOLS_NOT_OFFERED', ENDPOINT],
  ['cursorLoop', 'TOOLS_LIST_FAILED', ENDPOINT],
  ['echoesCredential', 'HTTP_SERVER_ERROR', ENDPOINT],
];

describe('servers that do not work', () => {
  it.each(BROKEN)('%s is refused with %s at %s', async (fault, code, path) => {
    const peer = await startBroken(fault);
    try {
      const { answer, event } = await refused(apiKeyRegistration(fresh('broken'), peer.url, KEY));
      expectInvalid(answer, [path, new RegExp(`^${code}: `)]);
      expect(event.requestParameters.serviceDetails.mcpserver.endpoint).toBe(peer.url);
      expect(event.errorMessage).toContain(code);
    } finally {
      await peer.close();
    }
  });

  it('refuses a wrong key, and an address that is not public, before connecting', async () => {
    const wrong = apiKeyRegistration(fresh('wrong'), world.peer.url, 'another-key-altogether');
    const { answer } = await refused(wrong);
    expectInvalid(answer, [SECRET, /^CREDENTIAL_REJECTED/]);
    expect(JSON.stringify(answer)).not.toContain('another-key');
    const metadata = apiKeyRegistration(fresh('m'), 'https://169.254.169.254/latest', KEY);
    expectInvalid((await refused(metadata)).answer, [ENDPOINT, /^ENDPOINT_ADDRESS_NOT_PUBLIC/]);
    const plain = apiKeyRegistration(fresh('p'), world.peer.url.replace('https', 'http'), KEY);
    expectInvalid((await refused(plain)).answer, [ENDPOINT, /^ENDPOINT_INSECURE_HTTP/]);
  });
});

describe('requests that are not served', () => {
  it.each([
    'dynatrace',
    'servicenow',
    'pagerduty',
    'gitlab',
    'eventChannel',
    'mcpservernewrelic',
    'mcpservergrafana',
    'mcpserverdatadog',
    'mcpserversplunk',
    'azureidentity',
    'remoteagent',
    'remoteagentsigv4',
  ])('%s is refused by name', async service => {
    expectInvalid((await refused(request({ service }))).answer, ['/service', new RegExp(service)]);
  });

  it.each(['github', 'MCPSERVER', 'x'])('%s is no type that can be registered so', async service => {
    expectInvalid((await refused(request({ service }))).answer, ['/service', /one of/]);
  });

  it.each(['privateConnectionName', 'targetUrlPrivateConnectionName', 'exchangeUrlPrivateConnectionName'])(
    '%s is refused by name',
    async member => {
      const { answer } = await refused(request({ [member]: 'my-connection' }));
      expectInvalid(answer, [`/${member}`, /private connections are not supported/]);
    },
  );

  it('kmsKeyArn is refused where there is no KMS', async () => {
    const kmsKeyArn = `arn:aws:kms:us-east-1:111122223333:key/${crypto.randomUUID()}`;
    expectInvalid((await refused(request({ kmsKeyArn }))).answer, ['/kmsKeyArn', /embedded/]);
  });

  it('details of another type are refused', async () => {
    const { serviceDetails } = request();
    const service = 'mcpserversigv4';
    expectInvalid((await refused({ service, serviceDetails })).answer, ['/serviceDetails', /mcpserversigv4/]);
  });
});

describe('members', () => {
  const config = (authorizationConfig: object) => {
    const input = request();
    Object.assign(input.serviceDetails.mcpserver, { authorizationConfig });
    return input;
  };
  const server = (members: object) => {
    const input = request();
    Object.assign(input.serviceDetails.mcpserver, members);
    return input;
  };
  const apiKey = { apiKeyName: 'k', apiKeyValue: 'v', apiKeyHeader: 'x-k' };
  const bearerToken = { tokenName: 't', tokenValue: 'v' };
  const AUTH = '/serviceDetails/mcpserver/authorizationConfig';

  it.each([
    ['two methods', () => config({ apiKey, bearerToken }), AUTH],
    ['no method', () => config({}), AUTH],
    ['an unknown method', () => config({ apiKey, password: {} }), `${AUTH}/password`],
    [
      'a reserved header',
      () => config({ apiKey: { ...apiKey, apiKeyHeader: 'Host' } }),
      `${AUTH}/apiKey/apiKeyHeader`,
    ],
    [
      'a line break in a key',
      () => config({ apiKey: { ...apiKey, apiKeyValue: 'a\u00a0b' } }),
      `${AUTH}/apiKey/apiKeyValue`,
    ],
    [
      'a space in a token',
      () => config({ bearerToken: { ...bearerToken, tokenValue: 'a b' } }),
      `${AUTH}/bearerToken/tokenValue`,
    ],
    ['a name with a dot', () => server({ name: 'a.b' }), '/serviceDetails/mcpserver/name'],
    ['a long name', () => server({ name: 'a'.repeat(129) }), '/serviceDetails/mcpserver/name'],
    ['no name', () => server({ name: undefined }), '/serviceDetails/mcpserver/name'],
    ['a URL without a scheme', () => server({ endpoint: 'example.com/mcp' }), ENDPOINT],
    ['a long URL', () => server({ endpoint: `https://example.com/${'a'.repeat(2048)}` }), ENDPOINT],
    [
      'a long description',
      () => server({ description: 'a'.repeat(501) }),
      '/serviceDetails/mcpserver/description',
    ],
    ['an aws: tag', () => request({ tags: { 'AWS:x': '1' } }), '/tags/AWS:x'],
  ])('%s is refused where it stands', async (_, input, path) => {
    expectInvalid((await refused(input())).answer, [path]);
  });
});

describe('the quota of registrations', () => {
  it('is exact for each account, and freed by deregistration', async () => {
    const ids: string[] = [];
    for (let count = 0; count < QUOTA; count++) {
      ids.push(ok(await world.app.call('RegisterService', request())).serviceId);
    }
    const before = await contents(world.app);
    const over = await world.app.call('RegisterService', request());
    expectError(over, 'ServiceQuotaExceededException', 402, /QUOTA_SERVICES/);
    await eventOf(world.app, 'RegisterService', over);
    expect(await contents(world.app)).toEqual(before);
    ok(await world.app.call('RegisterService', request(), { accountId: OTHER_ACCOUNT }));
    ok(await world.app.call('DeregisterService', { serviceId: ids[0] }));
    ok(await world.app.call('RegisterService', request()));
  });
});
