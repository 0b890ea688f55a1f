import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationList } from '../../lib/api/operations.ts';
import { MODEL_FOLDER, modelFiles } from '../../scripts/awsModel.ts';

const run = promisify(execFile);
const installed = spawnSync('aws', ['--version']).status === 0;

interface Recorded {
  method: string;
  url: string;
  authorization: string;
  body: string;
}

/** A server that notes what arrives and answers what it is told to. */
function recordingServer() {
  const requests: Recorded[] = [];
  const reply = { status: 200, headers: {} as Record<string, string>, body: '{}' };
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await request.toArray()).join('');
    requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      body,
    });
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body);
  });
  return { server, requests, reply };
}

describe.skipIf(!installed)('the service model in the stock AWS CLI', () => {
  const home = mkdtempSync(join(tmpdir(), 'switchboard-aws-'));
  const { server, requests, reply } = recordingServer();
  let endpoint = '';

  const aws = (...args: string[]) =>
    run('aws', args, {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        AWS_DATA_PATH: join(home, '.aws', 'models'),
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'not-a-secret',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
        AWS_ENDPOINT_URL_SWITCHBOARD: endpoint,
      },
    });

  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws', 'config'), '[default]\ncli_timestamp_format = iso8601\n');
    const model = join(home, 'service-2.json');
    writeFileSync(model, modelFiles()[`${MODEL_FOLDER}/service-2.json`] ?? '');
    await aws(
      'configure',
      'add-model',
      '--service-name',
      'switchboard',
      '--service-model',
      `file://${model}`,
    );
    const paginators = modelFiles()[`${MODEL_FOLDER}/paginators-1.json`] ?? '';
    writeFileSync(join(home, '.aws/models/switchboard/2026-01-01/paginators-1.json'), paginators);
  });

  afterAll(async () => {
    await new Promise(resolve => server.close(resolve));
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs a command against the recording server and returns what arrived and what was printed. */
  async function drive(args: string[], answer: Partial<typeof reply> = {}) {
    requests.length = 0;
    Object.assign(reply, { status: 200, headers: {}, body: '{}' }, answer);
    const { stdout } = await aws('switchboard', ...args);
    return { request: requests[0], stdout };
  }

  it('knows every operation of the table', async () => {
    const outcome = await aws('switchboard', 'no-such-operation').catch(error => error);
    for (const row of operationList) expect(outcome.stderr).toContain(kebab(row.name));
  });

  it('signs an operation of ours for execute-api and puts members where the table says', async () => {
    const { request } = await drive(
      ['update-service', '--service-id', 'mcpserver-1', '--state', 'DISABLED', '--description', 'Prüfstand'],
      { body: '{"service":{"serviceId":"mcpserver-1","serviceType":"mcpserver"}}' },
    );
    expect(request).toMatchObject({ method: 'PATCH', url: '/v1/services/mcpserver-1' });
    expect(request?.authorization).toContain('/us-east-1/execute-api/aws4_request');
    expect(JSON.parse(request?.body ?? '')).toEqual({ state: 'DISABLED', description: 'Prüfstand' });
  });

  it('sends filters in the query and walks pages', async () => {
    const { request, stdout } = await drive(
      ['list-services', '--filter-service-type', 'mcpserver', '--page-size', '10', '--max-items', '5'],
      {
        body: '{"services":[{"serviceId":"s-1","serviceType":"mcpserver","createdAt":"2026-11-01T10:00:00Z","updatedAt":"2026-11-01T10:00:00Z"}]}',
      },
    );
    expect(request?.method).toBe('POST');
    const url = new URL(request?.url ?? '', endpoint);
    expect(url.pathname).toBe('/v1/services/list');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      filterServiceType: 'mcpserver',
      maxResults: '10',
    });
    expect(JSON.parse(stdout).services[0].createdAt).toMatch(/^2026-11-01T10:00:00/);
  });

  it('sends a union and fills in the idempotency token', async () => {
    const { request } = await drive(['create-agent-space', '--name', 'ops'], { status: 201 });
    expect(JSON.parse(request?.body ?? '')).toEqual({ name: 'ops', clientToken: expect.any(String) });
    const registration = await drive(
      [
        'register-service',
        ...['--service', 'mcpserver', '--service-details'],
        '{"mcpserver":{"name":"n","endpoint":"https://mcp.example.com/","authorizationConfig":{"bearerToken":{"tokenName":"t","tokenValue":"v"}}}}',
      ],
      { status: 201 },
    );
    expect(registration.request?.url).toBe('/v1/register/mcpserver');
    expect(Object.keys(JSON.parse(registration.request?.body ?? ''))).toEqual(['serviceDetails']);
  });

  it('looks events up in rest-json at the root, with epoch seconds', async () => {
    const { request, stdout } = await drive(
      ['lookup-events', '--start-time', '2026-11-01T00:00:00Z', '--max-items', '1'],
      { body: '{"Events":[{"EventId":"e","EventTime":1793500000.5}]}' },
    );
    expect(request).toMatchObject({ method: 'POST', url: '/' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ StartTime: 1793491200 });
    expect(JSON.parse(stdout).Events[0].EventTime).toMatch(/^2026-11-01T/);
  });

  it('keeps an ARN in one path segment and repeats tag keys', async () => {
    const arn = 'arn:aws:aidevops:us-east-1:000000000000:service/mcpserver-1';
    const { request } = await drive(['untag-resource', '--resource-arn', arn, '--tag-keys', 'a', 'b'], {
      status: 204,
      body: '',
    });
    expect(request).toMatchObject({
      method: 'DELETE',
      url: `/tags/${encodeURIComponent(arn)}?tagKeys=a&tagKeys=b`,
    });
  });

  it('shows an error by its type, with its fields', async () => {
    const failure = await drive(['get-service', '--service-id', 'x'], {
      status: 400,
      headers: { 'x-amzn-errortype': 'ValidationException' },
      body: '{"message":"/serviceId: is unknown","fieldList":[{"path":"/serviceId","message":"is unknown"}]}',
    }).catch(error => error);
    expect(failure.stderr).toContain('(ValidationException)');
    expect(failure.stderr).toContain('/serviceId: is unknown');
  });
});

function kebab(name: string): string {
  return name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
}
