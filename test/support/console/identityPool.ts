import { createHash, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Peer, startTlsServer } from '../mcp/tlsServer.ts';
import { trustingFetch } from '../mcp/trustingFetch.ts';
import type { TemporaryKey } from './apiGateway.ts';

export interface IdentityPoolOptions {
  id: string;
  /** Whose id tokens are good, for this client, and the root that it has its certificate from. */
  issuer: string;
  clientId: string;
  caPem: string;
  /** Where the credentials that it gives are good. */
  keys: Map<string, TemporaryKey>;
}

export interface IdentityPool extends Pick<Peer, 'port' | 'requests'> {
  /** Seconds that credentials last from now on. */
  setLifetime(seconds: number): void;
  /** What it answers to everyone from now on, as Cognito's error type; `undefined` ends that. */
  setRefusal(type: string | undefined): void;
  close(): Promise<void>;
}

const HOUR = 3_600;
const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type,x-amz-target',
};

/**
 * Amazon Cognito Federated Identities on loopback, as far as browsers call it without a signature: GetId and
 * GetCredentialsForIdentity of one identity pool. It verifies id tokens by the issuer's own keys.
 */
export async function startIdentityPool(options: IdentityPoolOptions): Promise<IdentityPool> {
  const { id, issuer, keys, caPem } = options;
  const provider = trustingFetch(caPem);
  let lifetime = HOUR;
  let refusal: string | undefined;

  async function answer(target: string, input: Input): Promise<object> {
    if (refusal) throw new Refused(refusal);
    const { sub } = await verified(input.Logins?.[issuer.slice('https://'.length)] ?? '');
    const identityId = `us-east-1:${createHash('sha256').update(`${id}${sub}`).digest('hex').slice(0, 32)}`;
    if (target === 'AWSCognitoIdentityService.GetId') {
      if (input.IdentityPoolId !== id) throw new Refused('ResourceNotFoundException');
      return { IdentityId: identityId };
    }
    if (target !== 'AWSCognitoIdentityService.GetCredentialsForIdentity')
      throw new Refused('UnknownOperation');
    if (input.IdentityId !== identityId) throw new Refused('NotAuthorizedException');
    return { IdentityId: identityId, Credentials: newCredentials() };
  }

  function newCredentials(): object {
    const accessKeyId = `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
    const key = {
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(60).toString('base64'),
      expiresAt: Date.now() + lifetime * 1000,
    };
    keys.set(accessKeyId, key);
    return {
      AccessKeyId: accessKeyId,
      SecretKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: key.expiresAt / 1000,
    };
  }

  /** The claims of an id token of the issuer's, for the client, that has not expired. */
  async function verified(token: string): Promise<{ sub: string }> {
    const [head = '', payload = '', signature = ''] = token.split('.');
    const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}');
    const { keys: jwks } = (await (await provider.fetch(`${issuer}/jwks`)).json()) as { keys: Jwk[] };
    const jwk = jwks.find(({ kid }) => kid === json(head).kid);
    const isGenuine =
      jwk &&
      verify(
        'sha256',
        Buffer.from(`${head}.${payload}`),
        { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      );
    const { iss, aud, exp, sub } = json(payload);
    const isGood = isGenuine && iss === issuer && aud === options.clientId && exp * 1000 > Date.now();
    if (!isGood) throw new Refused('NotAuthorizedException');
    return { sub };
  }

  const peer = await startTlsServer(async (request, response) => {
    if (request.method === 'OPTIONS') return void response.writeHead(200, HEADERS).end();
    try {
      const input = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Input;
      send(response, 200, await answer(targetOf(request), input));
    } catch (error) {
      const type = error instanceof Refused ? error.message : 'InternalErrorException';
      send(response, type === 'InternalErrorException' ? 500 : 400, {
        __type: type,
        message: `${type} of the pool.`,
      });
    }
  });
  return {
    port: peer.port,
    requests: peer.requests,
    setLifetime(seconds) {
      lifetime = seconds;
    },
    setRefusal(type) {
      refusal = type;
    },
    async close() {
      await provider.close();
      await peer.close();
    },
  };
}

interface Input {
  IdentityPoolId?: string;
  IdentityId?: string;
  Logins?: Record<string, string>;
}

type Jwk = { kid: string; kty: string };

class Refused extends Error {}

function targetOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target']);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, HEADERS).end(JSON.stringify(body));
}
