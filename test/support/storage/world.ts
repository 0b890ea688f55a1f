import { vi } from 'vitest';
import { type AgentApp, startAgentApp } from '../agents.ts';
import { ACCOUNT } from '../app.ts';
import { type McpPeer, modernListener, startModern } from '../mcp/modern.ts';
import { type Peer, startTlsServer } from '../mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../oauth/authorizationServer.ts';
import { type FakeSts, startFakeSts } from '../sigv4/fakeSts.ts';
import { type SignedServer, startSigned } from '../sigv4/signedServer.ts';
import type { Ports } from './places.ts';

/** What the servers take. All of it is in the fixtures, and good for nothing else. */
export const SECRETS = {
  apiKey: 'stored-api-key',
  bearer: 'stored-bearer-token',
  consented: 'stored-access-token',
} as const;

export const SIGNING = { region: 'eu-west-1', service: 'bedrock-agentcore' } as const;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/mcp`;
const OWN = { accessKeyId: 'AKIDSTORED', secretAccessKey: 'stored-own-secret' };
const METADATA = '/.well-known/oauth-protected-resource/mcp';

/** The servers that stored registrations name, and Switchboard on a table of its own. */
export interface StorageWorld {
  app: AgentApp;
  keyed: McpPeer;
  bearer: Peer;
  oauth: Peer;
  signed: SignedServer;
  provider: AuthorizationServer;
  /** Where they listen. */
  ports: Ports;
  stop(): Promise<void>;
}

/** Starts them. */
export async function startStorageWorld(): Promise<StorageWorld> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', OWN.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', OWN.secretAccessKey);
  const keys = new Map([[OWN.accessKeyId, { secretAccessKey: OWN.secretAccessKey }]]);
  const sts: FakeSts = await startFakeSts({ region: 'us-east-1', keys });
  const provider = await startAuthorizationServer();
  const [keyed, bearer, oauth, signed] = await Promise.all([
    startModern({ auth: { header: 'x-api-key', value: SECRETS.apiKey } }),
    startModern({ auth: { header: 'authorization', value: `Bearer ${SECRETS.bearer}` } }),
    startOAuthPeer(provider),
    startSigned(await startModern(), { ...SIGNING, keys: sts.sessions }),
  ]);
  const app = await startAgentApp({
    AUDIT_ARCHIVE: 'true',
    PUBLIC_BASE_URL: 'https://switchboard.example.com',
    AWS_ENDPOINT_URL_STS: sts.url,
    CATALOGUE_REFRESH_SECONDS: '86400',
  });
  return {
    ...{ app, keyed, bearer, oauth, signed, provider },
    ports: {
      keyed: keyed.port,
      bearer: bearer.port,
      provider: provider.port,
      signed: signed.port,
      oauth: oauth.port,
    },
    async stop() {
      vi.unstubAllEnvs();
      await app.stop();
      await Promise.all([keyed, bearer, oauth, signed, provider, sts].map(server => server.close()));
    },
  };
}

/** Takes the consented token, and whatever the provider gives clients. */
async function startOAuthPeer(provider: AuthorizationServer): Promise<Peer> {
  const { listener } = modernListener();
  const peer = await startTlsServer(async (request, response) => {
    const { origin } = new URL(peer.url);
    if (request.url === METADATA) {
      const document = { resource: `${origin}/mcp`, authorization_servers: [provider.issuer] };
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify(document));
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const isGood = token === SECRETS.consented || (await provider.provider.ClientCredentials.find(token));
    if (isGood) return listener(request, response);
    request.resume();
    response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${origin}${METADATA}"` });
    response.end();
  });
  return peer;
}
