import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { operations } from '../../../lib/api/operations.ts';
import { createAuditTrail } from '../../../lib/audit/trail.ts';
import type { RequestContext } from '../../../lib/context.ts';
import type { OAuthCodeCredential } from '../../../lib/credentials/credential.ts';
import type { Caller } from '../../../lib/identity/caller.ts';
import { browserEndpoint } from '../../../lib/oauth/browserEndpoint.ts';
import { oauthCallback } from '../../../lib/oauth/callback.ts';
import type { CompleteConsent, Consented } from '../../../lib/oauth/callbackEnd.ts';
import { clientMetadataAnswer } from '../../../lib/oauth/clientMetadata.ts';
import { type ConsentRequest, startConsent } from '../../../lib/oauth/consent.ts';
import { type ConsentDeps, loadConsentSettings } from '../../../lib/oauth/consentSettings.ts';
import { consentVisit } from '../../../lib/oauth/consentVisit.ts';
import type { PendingItem } from '../../../lib/oauth/pending.ts';
import { readTicket } from '../../../lib/oauth/state.ts';
import { type Key, keys } from '../../../lib/store/keys.ts';
import { getItem } from '../../../lib/store/read.ts';
import { absent, commit, put } from '../../../lib/store/write.ts';
import type { LocalHandler } from '../../../local/http/pipeline.ts';
import { createLocalServer } from '../../../local/http/server.ts';
import { loadHttpSettings } from '../../../local/http/settings.ts';
import { ACCOUNT, type App, type AuditRecord, startApp } from '../app.ts';

export const CONSOLE = 'https://console.example.com';

export const CALLER: Caller = {
  accountId: ACCOUNT,
  type: 'IAMUser',
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  principalId: 'AIDA',
  accessKeyId: 'SWBKTESTTESTTESTTEST',
  userName: 'alice',
  sourceIp: '192.0.2.7',
  userAgent: 'aws-cli',
};

export interface ConsentApp {
  deps: ConsentDeps;
  base: string;
  /** What the consents that were given registered. */
  completed: Consented[];
  /** Takes the place of the registration at the end. */
  setComplete(complete: CompleteConsent | undefined): void;
  context(more?: Partial<Caller>): RequestContext;
  /** Begins a consent; answers with the address of its page. */
  start(credential: OAuthCodeCredential, more?: Partial<ConsentRequest>): Promise<string>;
  pendingKey(consentUrl: string): Key;
  pending(consentUrl: string): Promise<PendingItem | undefined>;
  /** Events of registrations and updates. */
  events(): Promise<AuditRecord[]>;
  /** Everything that was logged or written to standard error. */
  logged: string[];
  stop(): Promise<void>;
}

/** The routes of consents behind the real server, on a real engine; registering is one item. */
export async function startConsentApp(env: Record<string, string> = {}): Promise<ConsentApp> {
  const app: App = await startApp(env);
  const logged: string[] = [];
  const completed: Consented[] = [];
  let complete: CompleteConsent | undefined;
  let deps = { ...app.deps } as ConsentDeps;

  const register: CompleteConsent = async (consented, ctx, on) => {
    const { serviceId } = consented.pending;
    const item = put(on.config.tableName, keys.service(ACCOUNT, serviceId), { serviceId }, absent('service'));
    await commit(ctx, on, [item, consented.done], { serviceId });
    completed.push(consented);
    return {};
  };
  const bound = (handler: (event: never, deps: unknown) => Promise<APIGatewayProxyResult>) =>
    handler as unknown as LocalHandler;
  const dispatch: CompleteConsent = (...args) => (complete ?? register)(...args);

  const server = createLocalServer({
    settings: loadHttpSettings({ PORT: '0' }),
    region: 'us-east-1',
    accountId: ACCOUNT,
    accessKeys: { find: () => undefined },
    api: {
      handlers: {} as never,
      browserHandlers: {
        oauthConsent: bound(browserEndpoint('oauthConsent', consentVisit, () => deps)),
        oauthCallback: bound(browserEndpoint('oauthCallback', oauthCallback(dispatch), () => deps)),
        clientMetadata: bound(
          browserEndpoint(
            'clientMetadata',
            async () => clientMetadataAnswer(deps.consent),
            () => deps,
          ),
        ),
      },
      onDenied: () => {},
    },
    onUnverified: () => {},
    onError: error => void logged.push(String(error)),
    now: () => deps.now(),
  });
  const { url: base } = await server.listen();
  const consent = loadConsentSettings({
    PUBLIC_BASE_URL: base,
    CONSOLE_ORIGINS: CONSOLE,
    ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
    ...env,
  });
  deps = {
    ...app.deps,
    consent,
    log: (event, fields) => void logged.push(JSON.stringify({ event, ...fields })),
  };

  const context = (more: Partial<Caller> = {}): RequestContext => {
    const caller = { ...CALLER, ...more };
    const at = deps.now();
    const requestId = randomUUID();
    const audit = createAuditTrail({
      operation: operations.RegisterService,
      caller,
      requestId,
      at,
      eventId: deps.newId(at),
      input: {},
      config: deps.config,
    });
    return { caller, requestId, at, audit };
  };
  const pendingKey = (consentUrl: string): Key => {
    const ticket = readTicket(new URL(consentUrl).searchParams.get('ticket') ?? '');
    if (!ticket) throw new Error('No ticket');
    return keys.pending(ticket.accountId, ticket.hash);
  };

  return {
    deps,
    base,
    completed,
    setComplete(next) {
      complete = next;
    },
    context,
    async start(credential, more = {}) {
      const ctx = context();
      const request: ConsentRequest = {
        kind: 'registration',
        serviceId: `mcpserver-${deps.newId(ctx.at)}`,
        input: { service: 'mcpserver', serviceDetails: { mcpserver: { name: 'weather' } } },
        credential,
        server: { name: 'weather', endpoint: 'https://mcp.example.com/mcp' },
        returnTo: `${CONSOLE}/done?tab=1`,
        ...more,
      };
      const paths = {
        returnTo: '/returnTo',
        endpoint: '/endpoint',
        authorizationUrl: '/authorizationUrl',
        exchangeUrl: '/exchangeUrl',
      };
      const { authorizationUrl, item } = await startConsent(request, paths, ctx, deps);
      await commit(ctx, deps, [item], { additionalStep: { oauth: { authorizationUrl } } });
      return authorizationUrl;
    },
    pendingKey,
    pending: consentUrl => getItem<PendingItem>(deps, pendingKey(consentUrl)),
    async events() {
      const all = await app.events();
      return all.filter(event => ['RegisterService', 'UpdateService'].includes(event.eventName));
    },
    logged,
    async stop() {
      await server.close();
      await app.stop();
    },
  };
}
