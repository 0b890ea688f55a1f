import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { interact } from '../../test/support/oauth/authorizationServer.ts';
import { providerConfiguration } from '../../test/support/oauth/providerConfiguration.ts';

/** A client of the demo. It has two secrets that are good, so that one can be rotated to the other. */
export const CLIENT = {
  id: 'demo-client',
  secrets: ['demo-secret-1-c07b', 'demo-secret-2-94e1'],
} as const;

export const SCOPE = 'tools:read';

const METADATA = '/.well-known/oauth-protected-resource/mcp';

/** An OAuth authorization server on the demo's own port. Its person signs in and consents without being asked. */
export interface DemoAuthorization {
  /** Every path but the MCP endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  isGood(token: string): Promise<boolean>;
  /** `WWW-Authenticate` of a refusal (RFC 9728). */
  challenge: string;
}

/** `origin` is both issuer and resource server. */
export function demoAuthorization(origin: string): DemoAuthorization {
  const provider = new Provider(origin, {
    ...providerConfiguration({ scopes: [SCOPE] }),
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secrets[0],
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1:4100/v1/register/mcpserver/callback'],
        response_types: ['code'],
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      },
    ],
  });
  const client = provider.Client.prototype;
  const { compareClientSecret } = client;
  client.compareClientSecret = function (secret) {
    const isSecond = this.clientId === CLIENT.id && secret === CLIENT.secrets[1];
    return isSecond || compareClientSecret.call(this, secret);
  };
  // Switchboard may be at any port of this machine.
  client.redirectUriAllowed = uri => URL.parse(uri)?.hostname === '127.0.0.1';
  const serve = provider.callback();
  return {
    challenge: `Bearer resource_metadata="${origin}${METADATA}", scope="${SCOPE}"`,
    async isGood(token) {
      const { AccessToken, ClientCredentials } = provider;
      const found = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
      return found?.isExpired === false;
    },
    handle(request, response) {
      const path = request.url?.split('?')[0] ?? '';
      if (path === METADATA) return metadata(origin, response);
      if (path.startsWith('/interaction/')) return void interact(provider, request, response, 'consents');
      void serve(request, response);
    },
  };
}

function metadata(origin: string, response: ServerResponse): void {
  const document = { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: [SCOPE] };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
