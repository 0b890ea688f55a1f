import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/engine.ts';
import { fences, readDocument, tableRows } from '../support/markdown.ts';
import { listenOnLoopback } from '../support/mcp/tlsServer.ts';

const run = promisify(execFile);
const readme = readDocument('client/README.md');
const blocks = fences(readme);
const STAGE = 'https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod';

it('tells the options that there are', () => {
  const source =
    readDocument('client/src/client.ts').split('interface ClientOptions')[1]?.split('\n}')[0] ?? '';
  const options = [...source.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name);
  const told = tableRows(readme).flatMap(([name = '']) =>
    [...name.matchAll(/^`(\w+)`$/g)].map(([, each]) => each),
  );
  expect(options.length).toBeGreaterThan(5);
  expect(told).toEqual(expect.arrayContaining(options));
});

const folder = mkdtempSync(join(PROJECT_ROOT, 'test', 'client', '.readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has examples in TypeScript that compile', async () => {
  const examples = blocks.filter(({ language }) => language === 'ts');
  expect(examples.length).toBe(3);
  for (const [n, { text }] of examples.entries()) writeFileSync(join(folder, `${n}.ts`), installed(text));
  const tsconfig = { extends: '../../../tsconfig.json', include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const compiler = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsc');
  const { stdout } = await run(compiler, ['-p', folder]).catch(error => error);
  expect(stdout).toBe('');
});

/** The same code with packages that are here: STS, with an operation without input, for CloudTrail. */
function installed(text: string): string {
  return text
    .replaceAll('@switchboard/client', '../../../client/src/index.ts')
    .replaceAll('fromNodeProviderChain', 'defaultProvider')
    .replaceAll('@aws-sdk/credential-providers', '@aws-sdk/credential-provider-node')
    .replaceAll('@aws-sdk/client-cloudtrail', '@aws-sdk/client-sts')
    .replaceAll('CloudTrailClient', 'STSClient')
    .replaceAll('LookupEventsCommand({ MaxResults: 10 })', 'GetCallerIdentityCommand({})')
    .replaceAll('LookupEventsCommand', 'GetCallerIdentityCommand')
    .replaceAll('{ Events }', '{ Account }');
}

describe('the stock SDKs, as it says', () => {
  const requests: { host: string; path: string; scope: string }[] = [];
  const server = createServer((request, response) => {
    const { host = '', authorization = '' } = request.headers;
    const scope = /Credential=[^/]+\/\d+\/([^,]+)\/aws4_request/.exec(authorization)?.[1] ?? '';
    requests.push({ host, path: request.url ?? '', scope });
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"services":[],"Events":[]}');
  });
  let host: string;

  beforeAll(async () => {
    host = `127.0.0.1:${await listenOnLoopback(server)}`;
  });
  beforeEach(() => void requests.splice(0));
  afterAll(() => server.close());

  /** The one example that has a text, with this server as its stage. */
  const example = (has: string) => {
    const { text = '' } = blocks.find(block => block.text.includes(has)) ?? {};
    expect(text).toContain(STAGE);
    return text.replace(STAGE, `http://${host}/prod`);
  };
  const start = (command: string, ...args: string[]) =>
    run(command, args, {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_MAX_ATTEMPTS: '1',
      },
    });

  it('in JavaScript sign for API Gateway', async () => {
    const file = join(folder, 'trail.ts');
    writeFileSync(file, installed(example('GatewaySigner')));
    // The answer is none of STS's, which does not matter here.
    await start(process.execPath, file).catch(() => {});
    expect(requests).toEqual([{ host, path: '/prod/', scope: 'us-east-1/execute-api' }]);
  });

  const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0;
  it.skipIf(!hasBoto)('in Python sign for API Gateway, and prefix no host', async () => {
    const { stdout } = await start('python3', '-c', `${example('boto3')}\nprint(services, events)\n`);
    expect(stdout).toBe('[] []\n');
    expect(requests).toEqual([
      { host, path: '/prod/v1/services/list', scope: 'us-east-1/execute-api' },
      { host, path: '/prod', scope: 'us-east-1/execute-api' },
    ]);
  });
});
