/** What signs the requests of this tab. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string;
  userName?: string;
  /** ISO 8601; of credentials that can be renewed. */
  expiration?: string;
  /** What renews them. */
  federation?: Federation;
}

/** Of somebody who signed in with an OpenID Connect provider. */
export interface Federation {
  idToken: string;
  /** Of providers that gave one. */
  refreshToken?: string;
}

/** The provider ends the sign-in, or what renews it is over: only signing in again helps. */
export class SessionEnded extends Error {}

const STORED = 'switchboard.session';

/** The session of this tab: other tabs, and this one once it is closed, have none of it. */
export function storedSession(): Session | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? 'null') as Session | null;
    return stored?.accessKeyId && stored.secretAccessKey ? stored : undefined;
  } catch {
    return undefined;
  }
}

export function storeSession(session: Session | undefined): void {
  if (session) sessionStorage.setItem(STORED, JSON.stringify(session));
  else sessionStorage.clear();
}

/** The code of a sign-in link; it leaves the address bar and the history at once. */
export function takeCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get('code') ?? undefined;
  if (code) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

/** Trades a link's code for a session. @throws Error with what to tell the person */
export async function exchangeCode(code: string): Promise<Session> {
  const response = await fetch('/console/session', sessionRequest('POST', { code }));
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer as Session;
}

/** Ends the session of a link on the server, too. Access keys live on, whatever this answers. */
export async function endSession({ accessKeyId, secretAccessKey }: Session): Promise<void> {
  await fetch('/console/session', sessionRequest('DELETE', { accessKeyId, secretAccessKey })).catch(() => {});
}

function sessionRequest(method: string, body: object): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
