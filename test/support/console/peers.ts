import { freePort } from '../freePort.ts';
import { type McpPeer, startModern } from '../mcp/modern.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../oauth/authorizationServer.ts';
import { type ProtectedPeer, startProtectedServer } from '../oauth/protectedServer.ts';
import { type SignedServer, startSigned } from '../sigv4/signedServer.ts';
import { type ConsoleWorld, startConsole } from './world.ts';

const OWN = { accessKeyId: 'AKIDOWNOWNOWNOWN', secretAccessKey: 'own-aws-secret-0b5c' };

export const API_KEY = 'the-api-key-4d1f';
export const TOKEN = 'the-bearer-token-77aa';
export const SIGNED_FOR = { region: 'eu-west-1', service: 'bedrock-agentcore' };

/** A server for each method of authorization, and the console of a Switchboard that may reach them. */
export interface Peers extends ConsoleWorld {
  provider: AuthorizationServer;
  keyed: McpPeer;
  bearer: McpPeer;
  /** Lets in tokens of the provider. */
  guarded: ProtectedPeer;
  signed: SignedServer;
}

export async function startPeers(env: Record<string, string> = {}): Promise<Peers> {
  const port = await freePort();
  const callback = `http://127.0.0.1:${port}/v1/register/mcpserver/callback`;
  const provider = await startAuthorizationServer({ redirectUris: [callback] });
  const [keyed, bearer, guarded, signed, world] = await Promise.all([
    startModern({ auth: { header: 'x-api-key', value: `Key ${API_KEY}` } }),
    startModern({ auth: { header: 'authorization', value: `Bearer ${TOKEN}` } }),
    startProtectedServer({ authorizationServer: provider, checksAudience: false, scopes: ['mcp:read'] }),
    startModern().then(target =>
      startSigned(target, {
        ...SIGNED_FOR,
        keys: new Map([[OWN.accessKeyId, { secretAccessKey: OWN.secretAccessKey }]]),
      }),
    ),
    startConsole({
      PORT: String(port),
      AWS_ACCESS_KEY_ID: OWN.accessKeyId,
      AWS_SECRET_ACCESS_KEY: OWN.secretAccessKey,
      ...env,
    }),
  ]);
  return {
    ...world,
    provider,
    keyed,
    bearer,
    guarded,
    signed,
    async close() {
      await world.close();
      await Promise.all([keyed, bearer, guarded, signed, provider].map(peer => peer.close()));
    },
  };
}
