import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../lib/egress/types.ts';
import { VALIDATION_STEPS } from '../../lib/mcp/stepCodes.ts';
import type { StepResult, ValidationReport } from '../../lib/mcp/types.ts';
import { validateServer } from '../../lib/mcp/validate.ts';
import { startEverything } from '../support/mcp/everything.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { modernListener, startModern } from '../support/mcp/modern.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';
import { AUTH, connectionTo, handshaking, loopbackEgress, rpcListener } from './validationSupport.ts';

let egress: Egress;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  egress = await loopbackEgress();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => egress.close());

async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const peer = await starting;
  cleanups.push(() => peer.close());
  return peer;
}

function statuses(report: ValidationReport): string[] {
  return report.steps.map(({ step, status }) => `${step} ${status}`);
}

function methods(peer: { requests: { method: string }[] }): string[] {
  return peer.requests.map(({ method }) => method);
}

const ALL_PASSED = VALIDATION_STEPS.map(step => `${step} passed`);

describe('a server that works', () => {
  it('of 2026-07-28 passes every step in 2 requests', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(statuses(report)).toEqual(ALL_PASSED);
    expect(report).toMatchObject({
      valid: true,
      warnings: [{ code: 'TOOL_READ_ONLY_HINT_MISSING', message: expect.stringContaining(': add. ') }],
      verdict: { kind: 'modern', protocolVersion: '2026-07-28' },
      serverInfo: { name: 'modern-test-server', version: '2.0.0' },
    });
    expect(report.tools?.map(tool => tool.name)).toEqual(['echo', 'add', 'write_note']);
    expect(methods(peer)).toEqual(['POST', 'POST']);
    expect(peer.requests.every(request => request.credentials.authorization === AUTH.value)).toBe(true);
  });

  it('of 2025-11-25 passes in 5 requests, opens no stream and leaves no session', async () => {
    const peer = await started(startLegacy({ auth: AUTH }));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(statuses(report)).toEqual(ALL_PASSED);
    expect(report.verdict).toEqual({ kind: 'legacy', protocolVersion: '2025-11-25' });
    expect(report.serverInfo).toEqual({ name: 'legacy-test-server', version: '1.0.0' });
    expect(report.tools).toHaveLength(3);
    // Probe, initialize, initialized, tools/list, end of session.
    expect(methods(peer)).toEqual(['POST', 'POST', 'POST', 'POST', 'DELETE']);
    expect(peer.sessions()).toEqual([]);
  });

  it('that is the reference server passes', async () => {
    const peer = await started(startEverything({ auth: AUTH }));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(statuses(report)).toEqual(ALL_PASSED);
    expect(report.tools?.map(tool => tool.name)).toContain('echo');
  });

  it('passes when the verdict is known, without a probe', async () => {
    const modern = await started(startModern({ auth: AUTH }));
    const legacy = await started(startLegacy({ auth: AUTH }));
    for (const [peer, expected] of [
      [modern, ['POST']],
      [legacy, ['POST', 'POST', 'POST', 'DELETE']],
    ] as const) {
      const { verdict } = await validateServer(connectionTo(peer.url, egress));
      peer.requests.splice(0);
      const again = await validateServer(connectionTo(peer.url, egress, verdict && { verdict }));
      expect(statuses(again)).toEqual(ALL_PASSED);
      expect(methods(peer)).toEqual(expected);
      expect(again.verdict).toEqual(verdict);
    }
  });

  it('passes although it crashes at the probe, as some early servers do', async () => {
    const { listener } = modernListener();
    const peer = await started(
      startTlsServer((request, response) => {
        if (request.headers['mcp-method'] === 'server/discover') return void response.writeHead(500).end();
        listener(request, response);
      }),
    );
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(statuses(report)).toEqual(ALL_PASSED);
    expect(report.verdict?.kind).toBe('legacy');
  });

  it('has its 50 pages read, one request each', async () => {
    const peer = await started(startModern({ tools: manyTools(100), pages: 50 }));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(report.tools).toHaveLength(100);
    expect(peer.listed).toHaveLength(50);
    expect(peer.requests).toHaveLength(51);
  });

  it('over plain http, where that is allowed, has its tls step skipped', async () => {
    const insecure = await loopbackEgress({ allowInsecureHttp: true });
    const server = createServer(modernListener().listener);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(
      async () => void server.close(),
      () => insecure.close(),
    );
    const { port } = server.address() as AddressInfo;
    const report = await validateServer(connectionTo(`http://127.0.0.1:${port}/mcp`, insecure));
    expect(report.valid).toBe(true);
    expect(report.steps.find(({ step }) => step === 'tls')).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('http://'),
    });
  });
});

describe('steps', () => {
  it('are told as they end, in order, with durations of the given clock', async () => {
    const peer = await started(startModern());
    let time = 0;
    const told: StepResult[] = [];
    const report = await validateServer(connectionTo(peer.url, egress), {
      now: () => ++time,
      onStep: step => told.push(step),
    });
    expect(told).toEqual(report.steps);
    expect(told.map(({ step }) => step)).toEqual(VALIDATION_STEPS);
    const sum = report.steps.reduce((total, { durationMs }) => total + durationMs, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(report.durationMs);
  });

  it('do not depend on who watches', async () => {
    const peer = await started(startModern());
    const onStep = () => {
      throw new Error('the watcher is broken');
    };
    expect((await validateServer(connectionTo(peer.url, egress), { onStep })).valid).toBe(true);
  });

  it('fail at the credential when it is refused only at tools/list', async () => {
    const { listener } = modernListener();
    const peer = await started(
      startTlsServer((request, response) => {
        if (request.headers['mcp-method'] === 'tools/list') return void response.writeHead(401).end();
        listener(request, response);
      }),
    );
    const told: string[] = [];
    const onStep = ({ step, status }: StepResult) => told.push(`${step} ${status}`);
    const report = await validateServer(connectionTo(peer.url, egress), { onStep });
    expect(statuses(report).slice(4)).toEqual([
      'transport passed',
      'credential failed',
      'handshake skipped',
      'tools skipped',
    ]);
    expect(report.steps[5]).toMatchObject({ code: 'CREDENTIAL_REJECTED' });
    expect(told.slice(-3)).toEqual(['credential failed', 'handshake skipped', 'tools skipped']);
  });

  it('leave the transport undecided when the credential is refused at once', async () => {
    const peer = await started(startModern({ auth: { ...AUTH, value: 'Bearer another' } }));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(statuses(report).slice(3)).toEqual([
      'http passed',
      'transport skipped',
      'credential failed',
      'handshake skipped',
      'tools skipped',
    ]);
    expect(report.steps[5]?.message).toContain('HTTP 401, asking for Bearer authentication');
  });
});

describe('sessions', () => {
  const session = { 'mcp-session-id': 'the-session' };

  it('are ended when the list is refused', async () => {
    const peer = await started(startLegacy({ tools: manyTools(2_001) }));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(report.steps[7]).toMatchObject({ code: 'TOOLS_LIST_TOO_LARGE' });
    expect(methods(peer).at(-1)).toBe('DELETE');
    expect(peer.sessions()).toEqual([]);
  });

  it('are ended when the time is up', async () => {
    const peer = await started(
      startTlsServer(
        rpcListener(
          handshaking(() => undefined),
          session,
        ),
      ),
    );
    const report = await validateServer(connectionTo(peer.url, egress), { budgetMs: 1_500 });
    expect(report.steps[7]).toMatchObject({ code: 'TOOLS_LIST_FAILED' });
    expect(methods(peer).at(-1)).toBe('DELETE');
  });

  it('are ended when the handshake fails half-way', async () => {
    const oldest = rpcListener(
      ({ method }) =>
        method === 'initialize'
          ? {
              result: {
                protocolVersion: '1999-01-01',
                capabilities: {},
                serverInfo: { name: 'x', version: '1' },
              },
            }
          : { error: { code: -32601, message: 'Method not found' } },
      session,
    );
    const peer = await started(startTlsServer(oldest));
    const report = await validateServer(connectionTo(peer.url, egress));
    expect(report.steps[6]).toMatchObject({ code: 'HANDSHAKE_UNSUPPORTED_VERSION' });
    expect(methods(peer).at(-1)).toBe('DELETE');
  });
});

describe('warnings', () => {
  it('name an endpoint that looks like it holds a secret, without the secret', async () => {
    const peer = await started(startModern({ tools: manyTools(1) }));
    const endpoint = `${peer.url}?api_key=k3yW1thEntropy9x7Qp2`;
    const { warnings } = await validateServer(connectionTo(endpoint, egress));
    expect(warnings).toEqual([
      { code: 'ENDPOINT_LOOKS_SECRET', message: expect.stringContaining('api_key') },
    ]);
    expect(JSON.stringify(warnings)).not.toContain('k3yW1th');
  });

  it('name tools that become too long for agents', async () => {
    const tools = [60, 59].map(length => ({ ...manyTools(1)[0], name: 'a'.repeat(length) }));
    const peer = await started(startModern({ tools }));
    const { valid, warnings } = await validateServer(connectionTo(peer.url, egress), { serverName: 'four' });
    expect(valid).toBe(true);
    expect(warnings).toEqual([
      { code: 'TOOL_NAME_TOO_LONG', message: expect.stringContaining('65'), toolName: 'a'.repeat(60) },
    ]);
  });

  it('are bounded', async () => {
    const tools = Array.from({ length: 150 }, (_, index) => ({
      name: `no good ${index}`,
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true },
    }));
    const peer = await started(startModern({ tools }));
    const { warnings } = await validateServer(connectionTo(peer.url, egress));
    expect(warnings).toHaveLength(101);
    expect(warnings.at(-1)).toEqual({ code: 'WARNINGS_OMITTED', message: '50 more warnings are not shown.' });
  });
});
