import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import { sharedTestCa } from '../support/certificates.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { SUITE_TOOLS } from '../support/mcp/suiteTools.ts';
import { APPLICABLE, NOT_APPLICABLE } from './serverScenarios.ts';
import { type Outcome, outcomesOf, scenariosOf } from './suite.ts';
import { type Switchboard, startSwitchboard } from './switchboard.ts';
import { startTokenProxy, type TokenProxy } from './tokenProxy.ts';

/** Milliseconds for all scenarios: alone they take some seconds, on a busy machine many times that. */
const ALL_MS = 300_000;

let folder: string;
let switchboard: Switchboard;
let proxy: TokenProxy;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-conformance-'));
  const EGRESS_CA_FILE = join(folder, 'ca.pem');
  writeFileSync(EGRESS_CA_FILE, (await sharedTestCa()).caPem);
  [switchboard, proxy] = await Promise.all([startSwitchboard({ EGRESS_CA_FILE }), startTokenProxy()]);
});
afterAll(async () => {
  await proxy.close();
  await switchboard.stop();
  rmSync(folder, { recursive: true });
});

/** Puts the endpoint of the server alone behind the proxy. */
async function serve(peer: McpPeer): Promise<void> {
  const { call, port } = switchboard;
  const { agentSpaceId } = (await call('CreateAgentSpace', { name: 'suite' })).agentSpace;
  const { serviceId } = await call('RegisterService', apiKeyRegistration(`at-${peer.port}`, peer.url, 'any'));
  const configuration = { mcpserver: { tools: ['*'] } };
  await call('AssociateService', { agentSpaceId, serviceId, configuration });
  const { tokenValue } = await call('CreateAccessToken', { agentSpaceId, name: 'suite', scope: 'operate' });
  proxy.pointTo({ port, path: `/v1/agentspaces/${agentSpaceId}/mcp/at-${peer.port}`, token: tokenValue });
}

it('has a word on every scenario of the suite', async () => {
  const known = [...APPLICABLE, ...Object.keys(NOT_APPLICABLE)].sort();
  expect((await scenariosOf('server')).sort()).toEqual(known);
});

const SERVERS = { '2026-07-28': startModern, '2025-11-25': startLegacy };

describe.each(Object.entries(SERVERS))('the endpoint of a server that speaks %s', (_, start) => {
  let peer: McpPeer;
  let outcomes: Map<string, Outcome>;

  beforeAll(async () => {
    peer = await start(SUITE_TOOLS);
    await serve(peer);
    outcomes = await outcomesOf(APPLICABLE, ['server', '--url', proxy.url]);
  }, ALL_MS);
  afterAll(() => peer.close());

  it.each(APPLICABLE)('%s', scenario => {
    const { passed, output } = outcomes.get(scenario) ?? {};
    expect(passed, output).toBe(true);
    // It exits with 0 for warnings, too.
    expect(output).toMatch(/[1-9]\d*\/\d+, 0 failed, 0 warnings/);
  });
});
