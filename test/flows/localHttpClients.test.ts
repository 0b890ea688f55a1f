import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EchoServer, startEchoServer } from '../unit/local/http/echoServer.ts';
import { ADMIN } from '../unit/local/http/signedRequest.ts';

const run = promisify(execFile);
const help = spawnSync('aws', ['devops-agent', 'help'], { env: { ...process.env, AWS_PAGER: '' } });
const hasAws = help.status === 0;
const curl = spawnSync('curl', ['--help', 'all'], { encoding: 'utf8' });
const hasCurl = curl.status === 0 && curl.stdout.includes('--aws-sigv4');

let server: EchoServer;
beforeAll(async () => {
  server = await startEchoServer({
    handler: async event => {
      server.events.push(event);
      return { statusCode: 200, body: '{}' };
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  server.events.length = 0;
});

describe.skipIf(!hasAws)('the stock aws CLI', () => {
  async function aws(...args: string[]) {
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_ACCESS_KEY_ID: ADMIN.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ADMIN.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      AWS_ENDPOINT_URL_DEVOPS_AGENT: server.url,
      AWS_ENDPOINT_URL_CLOUDTRAIL: server.url,
    };
    try {
      await run('aws', args, { env });
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
    return server.events[0];
  }

  const arn = 'arn:aws:aidevops:us-east-1:000000000000:service/abc';
  const tags = '/tags/arn%3Aaws%3Aaidevops%3Aus-east-1%3A000000000000%3Aservice%2Fabc';

  it.each([
    [['list-tags-for-resource', '--resource-arn', arn], 'GET', tags, null],
    [['tag-resource', '--resource-arn', arn, '--tags', 'a=é b'], 'POST', tags, null],
    [
      ['untag-resource', '--resource-arn', arn, '--tag-keys', 'a b', 'é&x=y'],
      'DELETE',
      tags,
      { tagKeys: ['a b', 'é&x=y'] },
    ],
    [['get-agent-space', '--agent-space-id', 'ü ~x/y'], 'GET', '/v1/agentspaces/%C3%BC%20~x%2Fy', null],
    [
      ['get-service', '--service-id', "a!'()*+,;=:@&$"],
      'GET',
      '/v1/services/a%21%27%28%29%2A%2B%2C%3B%3D%3A%40%26%24',
      null,
    ],
    [
      ['list-services', '--max-results', '3', '--next-token', 'a+/=b c'],
      'POST',
      '/v1/services/list',
      { maxResults: ['3'], nextToken: ['a+/=b c'] },
    ],
    [['create-agent-space', '--name', 'prod é'], 'POST', '/v1/agentspaces', null],
    [['delete-agent-space', '--agent-space-id', 'x'], 'DELETE', '/v1/agentspaces/x', null],
  ])('devops-agent %j', async (args, httpMethod, path, multiValueQueryStringParameters) => {
    const event = await aws('devops-agent', ...args);
    expect(event).toMatchObject({ httpMethod, path, multiValueQueryStringParameters });
  });

  it('cloudtrail lookup-events', async () => {
    const event = await aws('cloudtrail', 'lookup-events', '--max-items', '1');
    expect(event).toMatchObject({
      httpMethod: 'POST',
      path: '/',
      requestContext: { resourceId: 'LookupEvents' },
    });
  });

  it.each([
    [[''], 'ValidationException', '/agentSpaceId: must not be empty'],
    [['..'], 'ValidationException', '/agentSpaceId: must not hold'],
    [['.'], 'ValidationException', '/agentSpaceId: must not hold'],
  ])('reads the refusal of the odd id %j', async ([id = ''], type, message) => {
    const error = await aws('devops-agent', 'get-agent-space', '--agent-space-id', id);
    expect(error).toContain(
      `An error occurred (${type}) when calling the GetAgentSpace operation: ${message}`,
    );
    expect(server.events).toEqual([]);
  });
});

describe.skipIf(!hasCurl)('curl --aws-sigv4', () => {
  async function answer(...args: string[]) {
    const user = `${ADMIN.accessKeyId}:${ADMIN.secretAccessKey}`;
    const { stdout } = await run('curl', [
      '-s',
      '--aws-sigv4',
      'aws:amz:us-east-1:aidevops',
      '--user',
      user,
      ...args,
    ]);
    return [stdout, server.events[0]?.path];
  }

  it.each([
    '/v1/services/abc',
    '/tags/arn:aws:aidevops:us-east-1:000000000000:service/abc',
    '/v1/services/a%20b?x=%C3%A9',
  ])('GET %s', async target => {
    expect(await answer(`${server.url}${target}`)).toEqual(['{}', target.split('?')[0]]);
  });

  it('POST', async () => {
    const body = ['-H', 'content-type: application/json', '-d', '{"name":"é"}'];
    expect(await answer(...body, `${server.url}/v1/agentspaces`)).toEqual(['{}', '/v1/agentspaces']);
    expect(server.events[0]?.body).toBe('{"name":"é"}');
  });
});
