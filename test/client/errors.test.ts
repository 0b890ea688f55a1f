import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientOptions, createSwitchboardClient, SwitchboardError } from '../../client/src/index.ts';
import { failureOf, rootClient } from '../support/client.ts';
import { freePort } from '../support/freePort.ts';
import { listenOnLoopback } from '../support/mcp/tlsServer.ts';
import {
  newDataDir,
  ROOT_KEY,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';

describe('errors of the embedded server', () => {
  const dataDir = newDataDir();
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer(dataDir, { QUOTA_VALIDATIONS_PER_MINUTE: '1' });
  });

  afterAll(async () => {
    await server?.end();
    removeDataDir(dataDir);
  });

  it('have their name, status, message and request id', async () => {
    const error = await failureOf(rootClient(server.url).getService({ serviceId: 'mcpserver-0' }));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ResourceNotFoundException', status: 404, retryable: false });
    expect(error.message).toContain('mcpserver-0');
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(String(error)).toBe(`ResourceNotFoundException: ${error.message}`);
  });

  it('name each member at fault', async () => {
    const input = { name: '', description: 'x'.repeat(2000) };
    const { fieldList } = await failureOf(rootClient(server.url).createAgentSpace(input));
    expect(new Set(fieldList.map(({ path }) => path))).toEqual(new Set(['/name', '/description']));
    for (const { message } of fieldList) expect(message).not.toBe('');
  });

  it('of LookupEvents are those of CloudTrail', async () => {
    const error = await failureOf(rootClient(server.url).lookupEvents({ NextToken: 'made up' }));
    expect(error).toMatchObject({ name: 'InvalidNextTokenException', status: 400 });
  });

  it('say how long to wait', async () => {
    const client = rootClient(server.url);
    const bearerToken = { tokenName: 'token', tokenValue: 'value' };
    const mcpserver = {
      name: 'slow',
      endpoint: `https://127.0.0.1:${await freePort()}/`,
      authorizationConfig: { bearerToken },
    };
    const validate = () =>
      failureOf(client.registerService({ service: 'mcpserver', serviceDetails: { mcpserver } }));
    expect(await validate()).toMatchObject({ name: 'ValidationException' });
    const throttled = await validate();
    expect(throttled).toMatchObject({ name: 'ThrottlingException', status: 429, retryable: true });
    expect(throttled.retryAfterSeconds).toBeGreaterThan(0);
  });

  it.each([
    [
      'another secret',
      { credentials: { ...ROOT_KEY, secretAccessKey: 'another' } },
      'InvalidSignatureException',
    ],
    [
      'an unknown key',
      { credentials: { ...ROOT_KEY, accessKeyId: 'AKIDNOBODY' } },
      'UnrecognizedClientException',
    ],
    ['a session token', { credentials: { ...ROOT_KEY, sessionToken: 'x' } }, 'UnrecognizedClientException'],
    ['another region', { region: 'eu-west-1' }, 'InvalidSignatureException'],
    ['another service', { signingName: 's3' }, 'InvalidSignatureException'],
  ])('tell of %s', async (_, options: Partial<ClientOptions>, name) => {
    const error = await failureOf(rootClient(server.url, options).listServices());
    expect(error).toMatchObject({ name, status: 403 });
  });

  it.each(['aidevops', 'cloudtrail', 'execute-api'])(
    'do not come of the signing name %s',
    async signingName => {
      const client = rootClient(server.url, { signingName });
      expect(await client.listServices()).toEqual({ services: [] });
    },
  );
});

describe('answers of something else', () => {
  let answer: (response: ServerResponse) => void;
  const server: Server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  let url: string;

  beforeAll(async () => {
    url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  });

  afterAll(() => server.close());

  const fails = (with_: (response: ServerResponse) => void) => {
    answer = with_;
    return failureOf(rootClient(url, { maxAttempts: 1 }).listServices());
  };

  it.each([
    [
      'API Gateway',
      { 'x-amzn-ErrorType': 'ForbiddenException:http://internal.amazon.com/' },
      '{"message":"Forbidden"}',
    ],
    ['a body alone', {}, '{"__type":"com.amazonaws.x#ForbiddenException","Message":"Forbidden"}'],
  ])('have the plain name that %s gives', async (_, headers, body) => {
    const error = await fails(response => response.writeHead(403, headers).end(body));
    expect(error).toMatchObject({
      name: 'ForbiddenException',
      message: 'Forbidden',
      status: 403,
      fieldList: [],
    });
  });

  it('lend their text to no message', async () => {
    const error = await fails(response => response.writeHead(502).end('<h1>secret of a proxy</h1>'));
    expect(error).toMatchObject({ name: 'Http502', message: 'The server answered with HTTP status 502.' });
  });

  it.each(['<!doctype html><title>Sign in</title>', '', '[]', 'null'])(
    'are no success when they are not an object: %j',
    async body => {
      const error = await fails(response => response.writeHead(200).end(body));
      expect(error).toMatchObject({ name: 'InvalidResponse', status: 200, retryable: false });
    },
  );

  it('keep what is no fault of a member out of fieldList', async () => {
    const fieldList = [{ path: '/a', message: 'b' }, { path: 1 }, 'x', null];
    const error = await fails(response => response.writeHead(400).end(JSON.stringify({ fieldList })));
    expect(error.fieldList).toEqual([{ path: '/a', message: 'b' }]);
  });

  it('do not send the request elsewhere', async () => {
    const paths: string[] = [];
    const elsewhere = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.end('{}');
    });
    const location = `http://127.0.0.1:${await listenOnLoopback(elsewhere)}/`;
    const error = await fails(response => response.writeHead(307, { location }).end());
    elsewhere.close();
    expect(error).toMatchObject({ name: 'NetworkError', retryable: true });
    expect(paths).toEqual([]);
  });

  it('are missed by a message that names the address', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const error = await failureOf(rootClient(nobody, { maxAttempts: 1 }).listServices());
    expect(error).toMatchObject({ name: 'NetworkError', status: 0, requestId: undefined, retryable: true });
    expect(error.message).toContain(nobody);
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});

describe('options', () => {
  const good = { baseUrl: 'https://switchboard.example.com', region: 'us-east-1', credentials: ROOT_KEY };
  const create = (options: object) => () => createSwitchboardClient({ ...good, ...options });

  it.each([
    ['a relative baseUrl', { baseUrl: '/v1' }, 'absolute'],
    ['another scheme', { baseUrl: 'ftp://127.0.0.1' }, 'https://'],
    ['a query', { baseUrl: 'https://example.com/?a=b' }, 'query'],
    ['a password', { baseUrl: 'https://u:p@example.com/' }, 'password'],
    ['plain HTTP to another machine', { baseUrl: 'http://switchboard.example.com' }, 'allowInsecureHttp'],
    ['no region', { region: '' }, 'region'],
    ['no credentials', { credentials: undefined }, 'credentials'],
    ['no attempt', { maxAttempts: 0 }, 'maxAttempts'],
  ])('with %s are refused by name', (_, options, word) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(word);
  });

  it.each([
    'http://127.0.0.1:4100',
    'http://localhost:4100/',
    'http://[::1]:4100',
    'https://abc.execute-api.us-east-1.amazonaws.com/prod',
  ])('take %s', baseUrl => {
    expect(create({ baseUrl })).not.toThrow();
  });

  it('take plain HTTP where that is asked for', () => {
    expect(create({ baseUrl: 'http://switchboard:4100', allowInsecureHttp: true })).not.toThrow();
  });
});

describe('SwitchboardError', () => {
  it('has no cause unless there is one', () => {
    expect('cause' in new SwitchboardError({ name: 'X', message: 'x' })).toBe(false);
  });
});
