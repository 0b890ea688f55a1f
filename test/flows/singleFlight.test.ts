import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../lib/egress/types.ts';
import { PROJECT_ROOT, startTestEngine, type TestEngine } from '../support/engine.ts';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { consentedGrant, oauthClient } from '../support/oauth/consentedGrant.ts';
import { codeCredential, storeService, tokenDeps } from '../support/oauth/storedService.ts';
import type { UseOrder, UseReport } from '../support/oauth/tokenUser.ts';
import { loopbackEgress } from './validationSupport.ts';

/** `npm run soak:tokens` makes it a minute. */
const SECONDS = Number(process.env.SOAK_TOKENS_SECONDS ?? 20);
const TOKEN_SECONDS = 5;
const PROCESSES = 4;
const USERS = 250;

let engine: TestEngine;
let server: AuthorizationServer;
let egress: Egress;
let mcp: Peer;
const children: ChildProcess[] = [];

beforeAll(async () => {
  engine = await startTestEngine();
  server = await startAuthorizationServer({ accessTokenSeconds: TOKEN_SECONDS });
  egress = await loopbackEgress();
  mcp = await startTlsServer(guard);
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await egress.close();
  await Promise.all([mcp.close(), server.close(), engine.stop()]);
});

/** Lets in tokens that the authorization server stands by, to the millisecond: the provider itself counts in seconds. */
const guard: RequestListener = async (request, response) => {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const found = await server.provider.AccessToken.find(token, { ignoreExpiration: true });
  response.writeHead(found ? 200 : 401).end();
};

async function readyProcess(): Promise<ChildProcess> {
  const script = join(PROJECT_ROOT, 'test/support/oauth/tokenUser.ts');
  const child = fork(script, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  await once(child, 'message');
  return child;
}

async function use(child: ChildProcess, order: UseOrder): Promise<UseReport> {
  child.send(order);
  const [report] = await once(child, 'message');
  return report as UseReport;
}

describe('one refresh at a time', () => {
  it(
    `serves ${PROCESSES} × ${USERS} users for ${SECONDS} s with tokens of ${TOKEN_SECONDS} s that rotate`,
    async () => {
      const processes = await Promise.all(Array.from({ length: PROCESSES }, readyProcess));
      const place = { accountId: '111122223333', serviceId: 'mcpserver-1' };
      const client = oauthClient(server, CLIENTS.public, { scopes: ['mcp:read'] });
      const deps = tokenDeps(engine.client, engine.tableName, egress);
      const { tokens } = await consentedGrant(server, client, { ...place, egress, now: Date.now });
      await storeService(place, codeCredential(CLIENTS.public, server.tokenUrl), tokens, deps);
      const order: UseOrder = {
        endpoint: engine.endpoint,
        tableName: engine.tableName,
        caPem: server.caPem,
        place,
        url: mcp.url,
        users: USERS,
        lasts: SECONDS * 1000,
      };
      const reports = await Promise.all(processes.map(child => use(child, order)));
      const refreshes = server.counts.granted.refresh_token ?? 0;
      const uses = reports.reduce((sum, report) => sum + report.uses, 0);
      const renewed = reports.reduce((sum, report) => sum + report.renewed, 0);
      process.stdout.write(`${uses} uses, ${renewed} at the second try, ${refreshes} refreshes\n`);
      expect(reports.flatMap(report => report.failures)).toEqual([]);
      expect(uses).toBeGreaterThan(PROCESSES * USERS);
      // Fewer would mean that the tokens were not short-lived at all.
      expect(refreshes).toBeGreaterThanOrEqual(Math.floor(SECONDS / TOKEN_SECONDS) - 1);
      expect(refreshes).toBeLessThanOrEqual(SECONDS / TOKEN_SECONDS + 1);
      expect(server.counts).toMatchObject({ refused: {}, revoked: 0 });
    },
    (SECONDS + 60) * 1000,
  );
});
