import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider, { type Interaction } from 'oidc-provider';
import { type PeerOptions, type RecordedRequest, startTlsServer } from '../mcp/tlsServer.ts';
import { createBrowser } from './browser.ts';
import { type ProviderOptions, providerConfiguration } from './providerConfiguration.ts';
import { type TokenFaultName, tokenFaults } from './tokenFaults.ts';

export interface AuthorizationServerOptions extends ProviderOptions, Pick<PeerOptions, 'port' | 'hostname'> {
  /** What the person does when asked; consents when left out. */
  person?: 'consents' | 'denies';
  fault?: TokenFaultName;
}

/** What happened at the token endpoint, by `grant_type`. */
export interface TokenCounts {
  granted: Record<string, number>;
  refused: Record<string, number>;
  /** Families of tokens revoked because a refresh token was used twice. */
  revoked: number;
}

export interface AuthorizationServer {
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  registrationUrl: string;
  caPem: string;
  port: number;
  provider: Provider;
  /** Every request, in order of arrival. */
  requests: RecordedRequest[];
  /** Requests to the token endpoint, answered or not. */
  tokenRequests(): RecordedRequest[];
  counts: TokenCounts;
  /** Has the token endpoint do something else for the next `times` requests; `undefined` ends that. */
  setFault(fault: TokenFaultName | undefined, times?: number): void;
  setPerson(does: 'consents' | 'denies'): void;
  /** Takes back every consent that was given, with the tokens that came of them. */
  revokeConsents(): Promise<void>;
  /** Goes through sign-in and consent like a browser; answers where the provider sends the person back to. */
  consent(authorizationUrl: string | URL): Promise<URL>;
  close(): Promise<void>;
}

/** A certified OAuth server (oidc-provider) over TLS on loopback, whose person signs in and consents by itself. */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  let { person = 'consents', fault } = options;
  let faultsLeft = Number.POSITIVE_INFINITY;
  let provider: Provider | undefined;

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (!provider) return void response.writeHead(503).end();
    const { pathname } = new URL(request.url ?? '/', 'https://localhost');
    if (pathname.startsWith('/interaction/')) return void interact(provider, request, response, person);
    const handle = provider.callback();
    const faulty = pathname === '/token' && faultsLeft > 0 ? fault : undefined;
    if (!faulty) return void handle(request, response);
    faultsLeft--;
    tokenFaults[faulty](request, response, (...args) => void handle(...args));
  };

  const peer = await startTlsServer(serve, options);
  const issuer = new URL(peer.url).origin;
  const granting = new Provider(issuer, providerConfiguration(options));
  provider = granting;
  const grants = grantsOf(granting);
  return {
    issuer,
    authorizationUrl: `${issuer}/auth`,
    tokenUrl: `${issuer}/token`,
    registrationUrl: `${issuer}/reg`,
    caPem: peer.caPem,
    port: peer.port,
    provider: granting,
    requests: peer.requests,
    tokenRequests: () => peer.requests.filter(({ path }) => path === '/token'),
    counts: countTokens(granting),
    setFault(next, times = Number.POSITIVE_INFINITY) {
      fault = next;
      faultsLeft = times;
    },
    setPerson(does) {
      person = does;
    },
    async revokeConsents() {
      for (const id of grants.splice(0)) {
        await granting.AccessToken.revokeByGrantId(id);
        await granting.RefreshToken.revokeByGrantId(id);
        await (await granting.Grant.find(id))?.destroy();
      }
    },
    async consent(authorizationUrl) {
      const browser = createBrowser(peer.caPem);
      try {
        return await browser.follow(authorizationUrl, url => url.origin !== issuer);
      } finally {
        await browser.close();
      }
    },
    close: peer.close,
  };
}

/** Ids of the consents that tokens came of, as they are given. */
function grantsOf(provider: Provider): string[] {
  const ids: string[] = [];
  provider.on('access_token.saved', ({ grantId }) => {
    if (grantId) ids.push(grantId);
  });
  return ids;
}

function countTokens(provider: Provider): TokenCounts {
  const counts: TokenCounts = { granted: {}, refused: {}, revoked: 0 };
  const count = (by: Record<string, number>, grantType: unknown) => {
    const name = String(grantType);
    by[name] = (by[name] ?? 0) + 1;
  };
  provider.on('grant.success', ctx => count(counts.granted, ctx.oidc.params?.grant_type));
  provider.on('grant.error', ctx => count(counts.refused, ctx.oidc.params?.grant_type));
  provider.on('grant.revoked', () => {
    counts.revoked++;
  });
  return counts;
}

/** Signs in, then grants whatever is asked, or denies: without a page, so that following redirects is enough. */
export async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  person: 'consents' | 'denies',
): Promise<void> {
  try {
    const interaction = await provider.interactionDetails(request, response);
    const result =
      person === 'denies'
        ? { error: 'access_denied', error_description: 'The person said no' }
        : interaction.prompt.name === 'login'
          ? { login: { accountId: 'person' } }
          : { consent: { grantId: await grantAll(provider, interaction) } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.message : 'failed');
  }
}

async function grantAll(provider: Provider, { params, session, grantId }: Interaction): Promise<string> {
  const existing = grantId ? await provider.Grant.find(grantId) : undefined;
  const grant =
    existing ??
    new provider.Grant({ accountId: session?.accountId ?? 'person', clientId: String(params.client_id) });
  const scope = String(params.scope ?? '');
  grant.addOIDCScope(scope);
  for (const resource of [params.resource ?? []].flat()) grant.addResourceScope(String(resource), scope);
  return await grant.save();
}
