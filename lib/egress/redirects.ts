import { EgressError, type EgressOptions } from './types.ts';
import { hostAndPort } from './urlPolicy.ts';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

interface RedirectRules {
  mode: EgressOptions['redirects'];
  /** How many redirects may be followed. */
  limit: number;
}

/** What a server answered, as far as redirects are concerned. */
interface RedirectAnswer {
  status: number;
  location: string | null;
}

/**
 * Where to go next: undefined when the answer is no redirect. Throws an EgressError for a redirect that may not be
 * followed; it names no more of the target than its origin.
 */
export function nextHop(
  answer: RedirectAnswer,
  from: URL,
  followed: number,
  rules: RedirectRules,
): URL | undefined {
  if (!redirectStatuses.has(answer.status)) return undefined;
  const target = answer.location === null ? null : URL.parse(answer.location, from);
  if (!target) throw refusal(from, 'answers with a redirect that leads nowhere.');
  const where = originText(target);
  if (rules.mode === 'none') throw refusal(from, `redirects to ${where}: redirects are not followed here.`);
  if (target.origin !== from.origin || !isHttp(target)) {
    throw refusal(
      from,
      `redirects to ${where}: only redirects within one origin are followed. Use the final URL.`,
    );
  }
  if (answer.status !== 307 && answer.status !== 308) {
    throw refusal(
      from,
      `redirects with status ${answer.status}: only 307 and 308 keep the request as it is.`,
    );
  }
  if (target.username || target.password)
    throw refusal(from, 'redirects to a URL with a user name or password.');
  if (followed >= rules.limit) {
    const message = `${hostAndPort(from)} redirects more than ${rules.limit} times.`;
    throw new EgressError('TOO_MANY_REDIRECTS', 'response', message);
  }
  target.hash = '';
  return target;
}

/** The headers for the next hop: without credentials when the origin changes. Names are lower case. */
export function headersForHop(
  headers: Readonly<Record<string, string>>,
  from: URL,
  to: URL,
  credentialHeaders: readonly string[],
): Readonly<Record<string, string>> {
  if (from.origin === to.origin) return headers;
  const dropped = ['authorization', 'cookie', ...credentialHeaders];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.includes(name)));
}

function refusal(from: URL, what: string): EgressError {
  return new EgressError('REDIRECT_REFUSED', 'response', `${hostAndPort(from)} ${what}`);
}

function isHttp(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

/** Bounded: a server may name a host of any length. */
function originText(url: URL): string {
  return isHttp(url) ? url.origin.slice(0, 270) : 'something that is no web address';
}
