import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hopHeader } from '../../lib/egress/outgoing.ts';
import { STEP_OF_CODE } from '../../lib/mcp/stepCodes.ts';
import type { ValidationCode } from '../../lib/mcp/types.ts';
import { apiKeyRegistration } from '../support/app.ts';
import { sharedTestCa } from '../support/certificates.ts';
import { testClient } from '../support/engine.ts';
import { type FaultName, startBroken } from '../support/mcp/broken.ts';
import { startModern } from '../support/mcp/modern.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';
import { signedCall } from '../support/signedClient.ts';
import { allItems } from '../support/table.ts';
import { send } from '../unit/local/http/signedRequest.ts';

const KEY = 'key-for-hostile-servers';

/** Faulty servers and the code that refuses each. Of those that hang, one: it takes most of the budget. */
const REFUSED: Partial<Record<FaultName, ValidationCode>> = {
  expiredCertificate: 'TLS_FAILED',
  notYetValidCertificate: 'TLS_FAILED',
  selfSignedCertificate: 'TLS_FAILED',
  unknownAuthority: 'TLS_FAILED',
  certificateForAnotherName: 'TLS_FAILED',
  notTls: 'TLS_FAILED',
  closesAtOnce: 'TLS_FAILED',
  sseOnly: 'TRANSPORT_SSE_ONLY',
  rejectsCredential: 'CREDENTIAL_REJECTED',
  forbidsCredential: 'CREDENTIAL_FORBIDDEN',
  hangs: 'HTTP_TIMED_OUT',
  redirectsToMetadata: 'HTTP_REDIRECT_REFUSED',
  redirectsToPrivate: 'HTTP_REDIRECT_REFUSED',
  redirects302: 'HTTP_REDIRECT_REFUSED',
  redirectsForever: 'HTTP_REDIRECT_REFUSED',
  redirectsCrossOrigin: 'HTTP_REDIRECT_REFUSED',
  endlessBody: 'HTTP_RESPONSE_TOO_LARGE',
  endlessEvents: 'HTTP_RESPONSE_TOO_LARGE',
  gzipBomb: 'HTTP_RESPONSE_TOO_LARGE',
  hugeHeaders: 'HTTP_RESPONSE_TOO_LARGE',
  htmlPage: 'TRANSPORT_NOT_MCP',
  notFound: 'TRANSPORT_NOT_MCP',
  rateLimited: 'TRANSPORT_RATE_LIMITED',
  serverError: 'HTTP_SERVER_ERROR',
  unavailable: 'HTTP_SERVER_ERROR',
  notJson: 'TRANSPORT_NOT_MCP',
  emptyBody: 'TRANSPORT_NOT_MCP',
  closesMidResponse: 'HTTP_NO_ANSWER',
  echoesCredential: 'HTTP_SERVER_ERROR',
  echoesCredentialAtToolsList: 'TOOLS_LIST_FAILED',
  echoesCredentialInError: 'HANDSHAKE_FAILED',
  cursorLoop: 'TOOLS_LIST_FAILED',
  endlessPages: 'TOOLS_LIST_TOO_LARGE',
  unknownVersion: 'HANDSHAKE_UNSUPPORTED_VERSION',
  notMcp: 'HANDSHAKE_FAILED',
  withoutTools: 'TOOLS_NOT_OFFERED',
};

/** Servers that try to fill memory. */
const GREEDY = ['endlessBody', 'endlessEvents', 'gzipBomb', 'hugeHeaders', 'endlessPages'] as const;

/** The server has 20 s for all checks and may take 2 s more to end a session; the rest is the machine's. */
const BUDGET_MS = 24_000;

const DETAILS = '/serviceDetails/mcpserver';
const pointerOf = (code: ValidationCode) =>
  STEP_OF_CODE[code] === 'credential'
    ? `${DETAILS}/authorizationConfig/apiKey/apiKeyValue`
    : `${DETAILS}/endpoint`;

let dataDir: string;
let server: RunningServer;
let spaceId: string;
beforeAll(async () => {
  await ensureServerBuilt();
  dataDir = newDataDir();
  server = await startServer(dataDir);
  const space = await signedCall(server.port, 'CreateAgentSpace', { name: 'witness' });
  spaceId = space.body.agentSpace.agentSpaceId;
}, 120_000);
afterAll(async () => {
  await server.end();
  removeDataDir(dataDir);
});

function register(name: string, url: string) {
  return signedCall(server.port, 'RegisterService', apiKeyRegistration(name, url, KEY));
}

async function expectHealthy(): Promise<void> {
  const answer = await signedCall(server.port, 'GetAgentSpace', { agentSpaceId: spaceId });
  expect(answer).toMatchObject({ status: 200, body: { agentSpace: { name: 'witness' } } });
  expect(server.stderr()).toBe('');
}

/** Megabytes that the server's process has in memory. */
function residentMb(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

describe('registering a hostile server', () => {
  it.each(Object.entries(REFUSED))('%s is refused with %s, and nothing stays', async (name, code) => {
    const peer = await startBroken(name as FaultName, { auth: { header: 'x-api-key', value: KEY } });
    const began = performance.now();
    const answer = await register(name, peer.url);
    expect(performance.now() - began).toBeLessThan(BUDGET_MS);
    await peer.close();
    expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
    expect(answer.body.fieldList).toEqual([
      { path: pointerOf(code), message: expect.stringMatching(new RegExp(`^${code}: `)) },
    ]);
    expect(answer.body.message).toContain(answer.body.fieldList[0].message);
    await expectHealthy();
  });

  it('stored none of them', async () => {
    const { body } = await signedCall(server.port, 'ListServices');
    expect(body).toEqual({ services: [] });
    const items = await allItems(testClient(server.databaseEndpoint));
    const left = items.filter(({ pk }) => !/#(AUD|AUR|RATE)#|#(HOURS|ARCHIVE)$/.test(pk));
    expect(left.map(({ pk, sk }) => `${pk} ${sk}`).sort()).toEqual([
      'A#000000000000#COUNT SPC',
      `A#000000000000#SPC ${spaceId}`,
    ]);
  });

  it.runIf(process.platform === 'linux')('does not fill the memory', async () => {
    const before = residentMb();
    for (let round = 0; round < 4; round++) {
      for (const name of GREEDY) {
        const peer = await startBroken(name);
        expect(await register(name, peer.url)).toMatchObject({ status: 400 });
        await peer.close();
      }
    }
    expect(residentMb() - before).toBeLessThan(150);
    await expectHealthy();
  });
});

describe('a server that turns hostile after it was registered', () => {
  it('fails its own checks, and the registration stays as it was', async () => {
    const good = await startModern({ auth: { header: 'x-api-key', value: KEY } });
    const { body } = await register('turncoat', good.url);
    const before = await signedCall(server.port, 'ListServiceTools', { serviceId: body.serviceId });
    await good.close();
    const bad = await startBroken('endlessBody', { port: good.port });
    const validated = await signedCall(server.port, 'ValidateService', { serviceId: body.serviceId });
    const configuration = { mcpserver: { tools: ['echo'] } };
    const input = { agentSpaceId: spaceId, serviceId: body.serviceId, configuration };
    const associated = await signedCall(server.port, 'AssociateService', input);
    await bad.close();
    expect(validated.body.report.valid).toBe(false);
    expect(associated).toMatchObject({ status: 400, error: 'ValidationException' });
    expect(associated.body.fieldList[0].path).toBe('/serviceId');
    const after = await signedCall(server.port, 'ListServiceTools', { serviceId: body.serviceId });
    expect(after.body).toEqual(before.body);
    await expectHealthy();
  });
});

describe('registering Switchboard at itself', () => {
  it('is refused by every name that it answers to', async () => {
    const folder = newDataDir();
    const { certPem, keyPem } = await (await sharedTestCa()).issue();
    const [TLS_CERT_FILE, TLS_KEY_FILE] = ['cert.pem', 'key.pem'].map(file => join(folder, file));
    writeFileSync(TLS_CERT_FILE as string, certPem);
    writeFileSync(TLS_KEY_FILE as string, keyPem);
    const own = await startServer(join(folder, 'data'), { TLS_CERT_FILE, TLS_KEY_FILE });
    const { caPem } = await sharedTestCa();
    for (const host of ['127.0.0.1', 'localhost', 'LocalHost.']) {
      const url = `https://${host}:${own.port}/v1/services/list`;
      const answer = await signedCall(own.port, 'RegisterService', apiKeyRegistration('self', url, KEY), {
        ca: caPem,
      });
      const message = expect.stringMatching(/^ENDPOINT_IS_SWITCHBOARD: .* is this Switchboard itself/);
      expect(answer.body.fieldList).toEqual([{ path: `${DETAILS}/endpoint`, message }]);
    }
    await own.end();
    removeDataDir(folder);
  });

  it('is refused by what its requests carry when a server leads there', async () => {
    const host = `127.0.0.1:${server.port}`;
    const answer = await send({
      port: server.port,
      target: '/v1/services/x',
      headers: { host, [hopHeader]: '1' },
    });
    expect(answer).toMatchObject({ status: 403, json: { __type: 'AccessDeniedException' } });
    expect(answer.json.message).toContain('would loop');
  });
});
