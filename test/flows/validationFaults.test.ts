import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Egress, EgressConfig } from '../../lib/egress/types.ts';
import { STEP_OF_CODE, VALIDATION_STEPS } from '../../lib/mcp/stepCodes.ts';
import type { ValidationCode, ValidationReport } from '../../lib/mcp/types.ts';
import { validateServer } from '../../lib/mcp/validate.ts';
import { FAULT_NAMES, type FaultName, startBroken } from '../support/mcp/broken.ts';
import { SSE_ENDPOINT_PATH } from '../support/mcp/brokenHttp.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { AUTH, canarySpellings, connectionTo, loopbackEgress } from './validationSupport.ts';

/** What is found of each faulty server; codes of warnings for those that are usable. */
const OUTCOMES: Record<FaultName, ValidationCode | { warnings: string[] }> = {
  expiredCertificate: 'TLS_FAILED',
  notYetValidCertificate: 'TLS_FAILED',
  selfSignedCertificate: 'TLS_FAILED',
  unknownAuthority: 'TLS_FAILED',
  certificateForAnotherName: 'TLS_FAILED',
  notTls: 'TLS_FAILED',
  hangsBeforeTls: 'TLS_FAILED',
  closesAtOnce: 'TLS_FAILED',
  sseOnly: 'TRANSPORT_SSE_ONLY',
  rejectsCredential: 'CREDENTIAL_REJECTED',
  forbidsCredential: 'CREDENTIAL_FORBIDDEN',
  hangs: 'HTTP_TIMED_OUT',
  redirectsToMetadata: 'HTTP_REDIRECT_REFUSED',
  redirectsToPrivate: 'HTTP_REDIRECT_REFUSED',
  redirects302: 'HTTP_REDIRECT_REFUSED',
  redirectsForever: 'HTTP_REDIRECT_REFUSED',
  redirectsWithinOrigin: { warnings: ['TOOL_READ_ONLY_HINT_MISSING'] },
  redirectsCrossOrigin: 'HTTP_REDIRECT_REFUSED',
  endlessBody: 'HTTP_RESPONSE_TOO_LARGE',
  endlessEvents: 'HTTP_RESPONSE_TOO_LARGE',
  dripsForever: 'HANDSHAKE_FAILED',
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
  toolWithoutName: { warnings: ['TOOL_MALFORMED'] },
  toolNameNotText: { warnings: ['TOOL_MALFORMED'] },
  toolWithoutInputSchema: { warnings: ['TOOL_MALFORMED'] },
  toolInputSchemaNotAnObject: { warnings: ['TOOL_MALFORMED'] },
  toolIsNull: { warnings: ['TOOL_MALFORMED'] },
  duplicateTools: { warnings: ['TOOL_DUPLICATED'] },
  hugeDescription: { warnings: [] },
  unknownToolMembers: { warnings: [] },
  oddToolNames: {
    warnings: [
      'TOOL_INVISIBLE_CHARACTERS',
      'TOOL_MALFORMED',
      ...Array<string>(4).fill('TOOL_NAME_UNSUPPORTED'),
    ],
  },
  hangsAtToolsList: 'TOOLS_LIST_FAILED',
  echoesCredentialAtToolsList: 'TOOLS_LIST_FAILED',
  echoesCredentialInError: 'HANDSHAKE_FAILED',
  cursorLoop: 'TOOLS_LIST_FAILED',
  endlessPages: 'TOOLS_LIST_TOO_LARGE',
  fiftyPages: { warnings: [] },
  unknownVersion: 'HANDSHAKE_UNSUPPORTED_VERSION',
  notMcp: 'HANDSHAKE_FAILED',
  withoutTools: 'TOOLS_NOT_OFFERED',
  emptyToolList: { warnings: [] },
};

/** Hang before anything else: half a second is enough to see that. The others need time to get where they hang. */
const HANGING_AT_ONCE: readonly FaultName[] = ['hangs', 'hangsBeforeTls'];
const HANGING_LATER: readonly FaultName[] = ['hangsAtToolsList', 'dripsForever'];

function budgetFor(name: FaultName): number | undefined {
  if (HANGING_AT_ONCE.includes(name)) return 500;
  return HANGING_LATER.includes(name) ? 2_000 : undefined;
}

interface EndpointCase {
  endpoint: string;
  config?: Partial<EgressConfig>;
}

const ENDPOINTS: Record<string, EndpointCase[]> = {
  ENDPOINT_URL_INVALID: [
    'mcp.example.com/mcp',
    'ftp://mcp.example.com/',
    'https://someone:word@mcp.example.com/',
    'https://mcp.example.com/#part',
    'https://mcp.example.com/a b',
    ' https://mcp.example.com/',
    '',
  ].map(endpoint => ({ endpoint })),
  ENDPOINT_INSECURE_HTTP: [{ endpoint: 'http://mcp.example.com/mcp' }],
  ENDPOINT_IS_SWITCHBOARD: [
    { endpoint: 'https://switchboard.example.com/mcp', config: { ownHosts: ['switchboard.example.com'] } },
  ],
  ENDPOINT_NAME_NOT_RESOLVED: [
    {
      endpoint: 'https://nowhere.example.com/mcp',
      config: { lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) },
    },
    { endpoint: 'https://slow.example.com/mcp', config: { lookup: () => new Promise(() => {}) } },
  ],
  ENDPOINT_ADDRESS_NOT_PUBLIC: [
    { endpoint: 'https://10.0.0.1/mcp' },
    { endpoint: 'https://169.254.169.254/latest/meta-data' },
    {
      endpoint: 'https://inside.example.com/mcp',
      config: { lookup: async () => [{ address: '192.168.0.7', family: 4 as const }] },
    },
  ],
  // Port 1 of loopback: nothing listens there.
  ENDPOINT_UNREACHABLE: [{ endpoint: 'https://127.0.0.1:1/mcp' }],
};

let egress: Egress;
beforeAll(async () => {
  egress = await loopbackEgress();
});
afterAll(() => egress.close());

/** One step failed with this code at its own step; what is before has not failed, what is after was not run. */
function expectFailure(report: ValidationReport, code: ValidationCode): void {
  const at = VALIDATION_STEPS.indexOf(STEP_OF_CODE[code]);
  expect(report.valid).toBe(false);
  expect(report.steps.map(({ step }) => step)).toEqual(VALIDATION_STEPS);
  expect(report.steps[at]).toMatchObject({ status: 'failed', code });
  for (const [index, { status, code: other }] of report.steps.entries()) {
    if (index === at) continue;
    expect(other).toBeUndefined();
    if (index > at) expect(status).toBe('skipped');
    else
      expect(status === 'passed' || (VALIDATION_STEPS[index] === 'transport' && status === 'skipped')).toBe(
        true,
      );
  }
  expect(report.tools).toBeUndefined();
  const message = report.steps[at]?.message ?? '';
  expect(message).toMatch(/^\S.{20,600}\.$/);
}

describe('a faulty server', () => {
  it.each(FAULT_NAMES)('%s is told for what it is', async name => {
    const peer = await startBroken(name, { auth: AUTH });
    const report = await validateServer(connectionTo(peer.url, egress), { budgetMs: budgetFor(name) });
    await peer.close();
    const outcome = OUTCOMES[name];
    if (typeof outcome === 'string') expectFailure(report, outcome);
    else {
      expect(report.valid).toBe(true);
      expect(report.warnings.map(({ code }) => code)).toEqual(outcome.warnings);
    }
    for (const spelling of canarySpellings()) expect(JSON.stringify(report)).not.toContain(spelling);
  });
});

describe('an endpoint', () => {
  const cases = Object.entries(ENDPOINTS).flatMap(([code, list]) => list.map(one => [code, one] as const));

  it.each(cases)('is refused with %s: %o', async (code, { endpoint, config }) => {
    const own = await loopbackEgress(config);
    expectFailure(
      await validateServer(connectionTo(endpoint, own), { budgetMs: 500 }),
      code as ValidationCode,
    );
    await own.close();
  });
});

describe('the codes', () => {
  it('are all found by these tests', () => {
    const found = [...Object.values(OUTCOMES), ...Object.keys(ENDPOINTS)].filter(
      code => typeof code === 'string',
    );
    // Failures to get a credential in the first place belong to the tests of lib/oauth and lib/sigv4.
    const elsewhere = /^(TOKEN_|CONSENT_|SIGNING_)/;
    const codes = Object.keys(STEP_OF_CODE).filter(code => !elsewhere.test(code));
    expect(new Set(found)).toEqual(new Set(codes));
  });
});

describe('the deprecated transport', () => {
  it('is recognised without fetching the endpoint that it names', async () => {
    const peer = await startBroken('sseOnly');
    await validateServer(connectionTo(peer.url, egress));
    await peer.close();
    expect(peer.requests.at(-1)).toMatchObject({ method: 'GET', path: '/mcp' });
    expect(peer.requests.filter(({ path }) => path.startsWith(SSE_ENDPOINT_PATH))).toEqual([]);
  });

  it('is not seen in a stream of other events', async () => {
    const peer = await startTlsServer((request, response) => {
      request.resume();
      if (request.method !== 'GET') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: tick\ndata: 1\n\n');
    });
    const report = await validateServer(connectionTo(peer.url, egress));
    await peer.close();
    expectFailure(report, 'TRANSPORT_NOT_MCP');
  });
});

describe('a redirect to another origin', () => {
  it('takes nothing there', async () => {
    const peer = await startBroken('redirectsCrossOrigin', { auth: AUTH });
    await validateServer(connectionTo(peer.url, egress));
    await peer.close();
    expect(peer.target.requests).toEqual([]);
  });
});

describe('a list that never ends', () => {
  it('is left at the first cursor that comes again', async () => {
    const peer = await startBroken('cursorLoop');
    await validateServer(connectionTo(peer.url, egress));
    await peer.close();
    // The probe and two pages.
    expect(peer.requests).toHaveLength(3);
  });
});

describe('an answer that never ends', () => {
  it('as an event stream without events is cut off as a failed handshake', async () => {
    const peer = await startTlsServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    const report = await validateServer(connectionTo(peer.url, egress), { budgetMs: 500 });
    await peer.close();
    expectFailure(report, 'HANDSHAKE_FAILED');
  });

  it('but asks questions is not given more than a bounded number of answers', async () => {
    let isFirst = true;
    const peer = await startTlsServer((request, response) => {
      request.resume();
      if (!isFirst) return void response.writeHead(202).end();
      isFirst = false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const ping = (id: number) => `data: ${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n\n`;
      response.write(Array.from({ length: 1_000 }, (_, id) => ping(id)).join(''));
    });
    const verdict = { kind: 'legacy', protocolVersion: '2025-11-25' } as const;
    await validateServer(connectionTo(peer.url, egress, { verdict }), { budgetMs: 4_000 });
    await peer.close();
    // A busy machine may not get to the bound in that time; none may get beyond it.
    expect(peer.requests.length).toBeLessThanOrEqual(220);
    expect(peer.requests.length).toBeGreaterThan(1);
  });

  it('ends when the caller gives up', async () => {
    const peer = await startBroken('hangs');
    const signal = AbortSignal.timeout(300);
    const report = await validateServer(connectionTo(peer.url, egress, { signal }));
    await peer.close();
    expectFailure(report, 'HTTP_TIMED_OUT');
  });
});

describe('an error of the handshake', () => {
  it('in the body of an HTTP error is told with its status', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 0, error: { code: -32600, message: 'No such luck' } });
    const peer = await startTlsServer((request, response) => {
      request.resume();
      response.writeHead(400, { 'content-type': 'application/json' }).end(body);
    });
    const report = await validateServer(connectionTo(peer.url, egress));
    await peer.close();
    expectFailure(report, 'HANDSHAKE_FAILED');
    expect(report.steps[6]?.message).toMatch(/HTTP 400 and error -32600: No such luck\./);
  });
});
