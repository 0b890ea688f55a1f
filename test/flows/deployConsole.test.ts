import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../support/aws/s3Server.ts';
import { PROJECT_ROOT } from '../support/engine.ts';
import { listenOnLoopback } from '../support/mcp/tlsServer.ts';
import { ensureConsoleBuilt } from '../support/serverBuild.ts';

const BUCKET = 'the-console-bucket';
const CONFIG = '{"region":"eu-central-1"}';
const OUTPUTS = {
  ConsoleUrl: 'https://console.example.com/console/',
  ConsoleBucketName: BUCKET,
  ConsoleConfig: CONFIG,
};

describe('npm run deploy-console', () => {
  let outputs: Record<string, string>;
  let asked: string[];
  let s3: S3Server;
  const stacks = createServer(async (request, response) => {
    asked.push(Buffer.concat(await request.toArray()).toString());
    const members = Object.entries(outputs).map(
      ([name, value]) =>
        `<member><OutputKey>${name}</OutputKey><OutputValue>${value.replaceAll('"', '&quot;')}</OutputValue></member>`,
    );
    response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  let stacksUrl: string;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    stacksUrl = `http://127.0.0.1:${await listenOnLoopback(stacks)}`;
  });
  afterAll(() => void stacks.close());
  beforeEach(async () => {
    outputs = OUTPUTS;
    asked = [];
    s3 = await startS3(BUCKET, { isWrittenOnce: false });
  });
  afterEach(() => s3.close());

  const deploy = () =>
    promisify(execFile)(
      process.execPath,
      ['scripts/deployConsole.ts', '--stage', 'prod', '--region', 'eu-central-1'],
      {
        cwd: PROJECT_ROOT,
        env: {
          PATH: process.env.PATH,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_MAX_ATTEMPTS: '1',
          AWS_ENDPOINT_URL_CLOUDFORMATION: stacksUrl,
          AWS_ENDPOINT_URL_S3: s3.endpoint,
        },
      },
    );
  const writes = () => s3.requests.filter(({ method }) => method === 'PUT').map(({ key }) => key);

  it('uploads assets that are kept for good, then the settings, and last the page', async () => {
    const { stdout } = await deploy();
    expect(asked[0]).toContain('StackName=switchboard-prod');
    expect(stdout).toContain('https://console.example.com/console/');
    const keys = writes();
    expect(keys.slice(-2)).toEqual(['console/config.json', 'console/index.html']);
    const assets = keys.slice(0, -2);
    expect(assets.length).toBeGreaterThan(10);
    const told = (key: string) => {
      const { 'content-type': type, 'cache-control': caching } = s3.headers.get(key) ?? {};
      return [type, caching];
    };
    for (const key of assets) {
      expect(key).toMatch(/^console\/assets\/[\w.-]+-\w{8}\.(js|css)$/);
      const type = key.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8';
      expect(told(key)).toEqual([type, 'public, max-age=31536000, immutable']);
    }
    expect(told('console/config.json')).toEqual(['application/json', 'no-cache']);
    expect(told('console/index.html')).toEqual(['text/html; charset=utf-8', 'no-cache']);
    expect(Buffer.from(s3.files.get('console/config.json') ?? '').toString()).toBe(CONFIG);
    const page = Buffer.from(s3.files.get('console/index.html') ?? '').toString();
    for (const [, asset = ''] of page.matchAll(/"\/(console\/assets\/[^"]+)"/g)) {
      expect(s3.files.has(asset), asset).toBe(true);
    }
  });

  it('removes what is old once the new is there, and what is not of the console stays', async () => {
    for (const key of ['console/assets/a-OLD.js', 'console/assets/b-OLD.js', 'console/c-OLD.js', 'other/x'])
      s3.files.set(key, Buffer.from('old'));
    await deploy();
    const old = [...s3.files].filter(([, bytes]) => Buffer.from(bytes).toString() === 'old');
    expect(old.map(([key]) => key)).toEqual(['other/x']);
    const methods = s3.requests.map(({ method }) => method);
    expect(methods.indexOf('POST')).toBeGreaterThan(methods.lastIndexOf('PUT'));
    const again = await deploy();
    expect(again.stdout).toContain(' 0 old ones');
  });

  it('leaves the console as it was when an upload fails', async () => {
    const before = { 'console/index.html': 'page', 'console/assets/a-OLD.js': 'old' };
    for (const [key, text] of Object.entries(before)) s3.files.set(key, Buffer.from(text));
    s3.faults.push({ code: 'AccessDenied', status: 403 });
    await expect(deploy()).rejects.toMatchObject({ code: 1 });
    for (const [key, text] of Object.entries(before))
      expect(Buffer.from(s3.files.get(key) ?? '').toString()).toBe(text);
  });

  it('says how to get a console where the stack has none', async () => {
    outputs = { TableName: 'switchboard-prod' };
    await expect(deploy()).rejects.toMatchObject({
      code: 1,
      stderr:
        'The stack switchboard-prod has no console: deploy it with --param="consoleEnabled=true" first.\n',
    });
    expect(s3.requests).toEqual([]);
  });
});
