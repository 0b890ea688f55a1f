import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../identity/caller.ts';
import { pageAnswer } from './consentAnswer.ts';
import { type Html, html } from './consentHtml.ts';
import type { PendingItem } from './pending.ts';

const WHAT = {
  registration: {
    title: 'Connect an MCP server',
    ask: 'asks to register this MCP server and to use it with your sign-in.',
  },
  update: {
    title: 'Renew access to an MCP server',
    ask: 'asks to replace the access of this registered MCP server by your sign-in.',
  },
} as const;

/**
 * The page before the provider: it names who asks for what, so that nobody consents to a registration of
 * somebody else's unaware. `action` is where its form posts the ticket.
 */
export function consentPage(pending: PendingItem, ticket: string, action: string): APIGatewayProxyResult {
  const { caller, server, scopes, provider, kind } = pending;
  const { title, ask } = WHAT[kind];
  const body = html`<p><strong>${caller.arn}</strong>${person(caller)} of account <strong>${caller.accountId}</strong> ${ask}</p>
<dl>
<dt>Server</dt><dd>${server.name}</dd>
<dt>Address</dt><dd>${asciiUrl(server.endpoint)}</dd>
<dt>Requested scopes</dt><dd>${scopes.length > 0 ? list(scopes) : 'those the authorization server gives by default'}</dd>
</dl>
<p>Continue only if you know this request: agents of that account will act at the server with the access you give.</p>
<form method="post" action="${action}">
<input type="hidden" name="ticket" value="${ticket}">
<button type="submit">Continue to ${new URL(provider).host}</button>
</form>`;
  return pageAnswer(200, title, body, formTargets(pending));
}

/** Of callers whose ARN is that of everyone with the same role. */
function person({ webIdentity }: Caller): Html {
  return webIdentity ? html`, signed in as <strong>${webIdentity.provider}</strong>,` : html``;
}

function list(scopes: readonly string[]): Html {
  return html`${scopes.map(scope => html`<code>${scope}</code> `)}`;
}

/** Punycode and percent-encoding: what is shown cannot look like another address. */
function asciiUrl(text: string): string {
  return URL.parse(text)?.href ?? text;
}

/**
 * Browsers hold every redirect after the form to this, and providers send people on to others to sign in: any
 * HTTPS address will do, and plain HTTP where this consent itself leads there.
 */
function formTargets({ provider, returnTo }: PendingItem): string[] {
  const plain = [provider, new URL(returnTo).origin].filter(origin => origin.startsWith('http:'));
  return ["'self'", 'https:', ...new Set(plain)];
}
