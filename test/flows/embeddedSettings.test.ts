import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/certificates.ts';
import { freePort } from '../support/freePort.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import { newDataDir, removeDataDir, spawnServer, startServer } from '../support/serverProcess.ts';
import { signedCall } from '../support/signedClient.ts';

let dataDir: string;
beforeAll(() => ensureServerBuilt(), 120_000);
beforeEach(() => {
  dataDir = newDataDir();
});
afterEach(() => removeDataDir(dataDir));

/** Each is refused by one line that begins with the variable's name. */
const WRONG: Record<string, Record<string, string>> = {
  'PORT=abc': { PORT: 'abc' },
  'PORT beyond 65535': { PORT: '70000' },
  'AGENT_PROCESSES=many': { AGENT_PROCESSES: 'many' },
  'AGENTS_PORT=abc': { AGENT_PROCESSES: '1', AGENTS_PORT: 'abc' },
  'AGENTS_PORT that is PORT': { AGENT_PROCESSES: '1', PORT: '4123', AGENTS_PORT: '4123' },
  'AGENTS_PORT after the last one': { AGENT_PROCESSES: '1', PORT: '65535' },
  'AGENTS_PORT without AGENT_PROCESSES': { AGENTS_PORT: '4101' },
  'AGENTS_BASE_URL without AGENT_PROCESSES': { AGENTS_BASE_URL: 'https://example.com' },
  'AGENTS_BASE_URL with a path': { AGENT_PROCESSES: '1', AGENTS_BASE_URL: 'https://example.com/a' },
  'HOST with a port': { HOST: '127.0.0.1:80' },
  'HOST=0.0.0.0 without TLS': { HOST: '0.0.0.0' },
  'ALLOWED_PRIVATE_CIDRS=foo': { ALLOWED_PRIVATE_CIDRS: 'foo' },
  'ALLOW_INSECURE_HTTP=yes': { ALLOW_INSECURE_HTTP: 'yes' },
  'QUOTA_SERVICES=x': { QUOTA_SERVICES: 'x' },
  'QUOTA_TOOLS_PER_SPACE=0': { QUOTA_TOOLS_PER_SPACE: '0' },
  'AUDIT_READS=maybe': { AUDIT_READS: 'maybe' },
  'EGRESS_CA_FILE that is missing': { EGRESS_CA_FILE: 'no-such-file.pem' },
  'EGRESS_CA_FILE without certificates': { EGRESS_CA_FILE: 'package.json' },
  'SWITCHBOARD_ACCOUNT_ID=1': { SWITCHBOARD_ACCOUNT_ID: '1' },
  'SWITCHBOARD_SECRET_ACCESS_KEY that is short': { SWITCHBOARD_SECRET_ACCESS_KEY: 'pssst' },
  'PUBLIC_BASE_URL with a path': { PUBLIC_BASE_URL: 'https://example.com/a' },
  'TRUSTED_PROXIES=me': { TRUSTED_PROXIES: 'me' },
  'TLS_CERT_FILE without TLS_KEY_FILE': { TLS_CERT_FILE: 'package.json' },
  'TLS_CERT_FILE that is missing': { TLS_CERT_FILE: 'none.pem', TLS_KEY_FILE: 'none.pem' },
  'TLS_CERT_FILE that is none': { TLS_CERT_FILE: 'package.json', TLS_KEY_FILE: 'package.json' },
  'DYNAMODB_ENDPOINT that is no URL': { DYNAMODB_ENDPOINT: 'localhost' },
  'AWS_REGION=EU West': { AWS_REGION: 'EU West' },
  'TABLE_NAME=ab': { TABLE_NAME: 'ab' },
  'EVENT_SOURCE with a space': { EVENT_SOURCE: 'my source' },
  'SWITCHBOARD_DATA_DIR that is a file': { SWITCHBOARD_DATA_DIR: 'package.json' },
  'SWITCHBOARD_DATA_DIR below a file': { SWITCHBOARD_DATA_DIR: 'package.json/data' },
};

describe('a wrong setting', () => {
  it.each(Object.keys(WRONG))('%s ends the start with one line that names it', async name => {
    const variable = /^[A-Z_]+/.exec(name)?.[0];
    const server = await spawnServer(dataDir, WRONG[name]);
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.stderr().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^Switchboard could not start: ${variable}\\b`)),
      '',
    ]);
    expect(server.stderr()).not.toContain('pssst');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('that only shows when it is used names its variable too', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const late: Record<string, [value: string, why: string]> = {
      DYNAMODB_ENDPOINT: [nobody, 'ECONNREFUSED'],
      SWITCHBOARD_KEY_FILE: ['docs', 'not a regular file'],
    };
    for (const [variable, [value, why]] of Object.entries(late)) {
      const server = await spawnServer(dataDir, { [variable]: value });
      expect(await server.ended).toEqual({ code: 1, signal: null });
      const [line, ...more] = server.stderr().trimEnd().split('\n');
      expect(line).toMatch(new RegExp(`^Switchboard could not start: ${variable}\\b.*${why}`));
      expect(more).toEqual([]);
    }
  });

  it('of a port that is taken is told with what to do', async () => {
    const first = await startServer(dataDir);
    const other = newDataDir();
    const second = await spawnServer(other, { PORT: String(first.port) });
    const ended = await second.ended;
    await first.end();
    removeDataDir(other);
    expect(ended).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toMatch(
      /^Switchboard could not start: Port \d+ on 127.0.0.1 is in use: set PORT/,
    );
  });
});

describe('TLS_CERT_FILE', () => {
  it('makes the server speak TLS, to other machines too', async () => {
    const { certPem, keyPem } = await selfSigned();
    const [TLS_CERT_FILE, TLS_KEY_FILE] = ['cert.pem', 'key.pem'].map(file => join(dataDir, file));
    writeFileSync(TLS_CERT_FILE as string, certPem);
    writeFileSync(TLS_KEY_FILE as string, keyPem);
    const server = await startServer(join(dataDir, 'data'), { TLS_CERT_FILE, TLS_KEY_FILE, HOST: '0.0.0.0' });
    const answer = await signedCall(server.port, 'ListServices', {}, { ca: certPem });
    const plain = await signedCall(server.port, 'ListServices').catch(() => undefined);
    await server.end();
    expect(server.url).toMatch(/^https:/);
    expect(answer).toMatchObject({ status: 200, body: { services: [] } });
    expect(plain?.status).not.toBe(200);
  });
});
