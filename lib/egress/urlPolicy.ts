import { isIP } from 'node:net';
import type { AddressRange } from '../addresses/cidr.ts';
import { judgeAddress } from './addressPolicy.ts';
import { EgressError, type EgressErrorCode } from './types.ts';

/** What a URL's form is judged by. */
export interface UrlRules {
  allowInsecureHttp: boolean;
  /** `host` (any port) or `host:port` of this deployment. */
  ownHosts: readonly string[];
  /** The ranges of `ALLOWED_PRIVATE_CIDRS`. */
  opened: readonly AddressRange[];
}

/** Longer ones are refused by common proxies and do not fit an audit event's readable part. */
const maxUrlLength = 2048;

/**
 * The URL that will be fetched, in WHATWG form and without a trailing dot. Throws an {@link EgressError} for a
 * form that egress refuses and for an IP literal (in any spelling) that may not be reached. Names are judged
 * later, when they are resolved.
 */
export function checkUrl(raw: string, rules: UrlRules): URL {
  const url = parse(raw);
  if (url.protocol === 'http:' && !rules.allowInsecureHttp) {
    throw refusal('INSECURE_HTTP_REFUSED', 'Plain http:// is refused: use https://.');
  }
  if (isOwnHost(url, rules.ownHosts)) {
    throw refusal('OWN_HOST_REFUSED', `${hostAndPort(url)} is this Switchboard itself: name another server.`);
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0) checkAddress(url, literal, rules.opened);
  return url;
}

/**
 * Throws an {@link EgressError} unless `address`, which the URL's host is or resolves to, may be reached with
 * the URL's scheme.
 */
export function checkAddress(url: URL, address: string, opened: readonly AddressRange[]): void {
  const verdict = judgeAddress(address, opened);
  if (verdict.kind === 'refused') throw addressRefusal(url, address, verdict.reason);
  if (url.protocol === 'http:' && verdict.kind !== 'opened') {
    const message = `Plain http:// to ${hostAndPort(url)} is refused outside ALLOWED_PRIVATE_CIDRS: use https://.`;
    throw new EgressError('INSECURE_HTTP_REFUSED', 'resolve', message);
  }
}

// The address behind a name is not shown: it would let anyone read this network's internal names.
function addressRefusal(url: URL, address: string, reason: string): EgressError {
  const literal = url.hostname.replace(/^\[|\]$/g, '') === address;
  const subject = literal ? `${address} is` : `${url.hostname} resolves to`;
  const message = `${subject} ${reason}: only public addresses may be reached (this deployment's operator can open private ranges with ALLOWED_PRIVATE_CIDRS).`;
  return new EgressError('ADDRESS_REFUSED', 'resolve', message);
}

/** `host:port` for messages, the default port included. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`;
}

function parse(raw: string): URL {
  if (raw.length > maxUrlLength) throw malformed(`The URL is longer than ${maxUrlLength} characters.`);
  // WHATWG parsing drops or rewrites these quietly: what is audited would differ from what is fetched.
  if (/[\s\p{Cc}\\]/u.test(raw)) throw malformed('The URL has a space, control character or backslash.');
  const url = URL.parse(raw);
  if (!url) throw malformed('This is not a URL: write it like https://mcp.example.com/mcp.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw malformed('The URL must begin with https://.');
  if (url.username || url.password || /^[a-z]+:\/*[^/?#]*@/i.test(raw)) {
    throw malformed('The URL must not carry a user name or password: give the credential separately.');
  }
  if (url.href.includes('#')) throw malformed('The URL must not have a fragment (the part from #).');
  url.hostname = url.hostname.replace(/\.$/, '');
  if (url.hostname === '' || url.hostname.endsWith('.') || url.hostname.length > 253) {
    throw malformed('The host name of the URL is not valid.');
  }
  return url;
}

function malformed(message: string): EgressError {
  return refusal('URL_INVALID', message);
}

function refusal(code: EgressErrorCode, message: string): EgressError {
  return new EgressError(code, 'url', message);
}

/** Throws an Error when a `host[:port]` entry is not one. */
export function checkOwnHosts(ownHosts: readonly string[]): void {
  for (const entry of ownHosts) {
    if (!URL.canParse(`https://${entry}`))
      throw new Error(`Own host ${JSON.stringify(entry)} is not host[:port].`);
  }
}

function isOwnHost(url: URL, ownHosts: readonly string[]): boolean {
  const port = hostAndPort(url).slice(url.hostname.length + 1);
  return ownHosts.some(entry => {
    const ownPort = /:(\d+)$/.exec(entry)?.[1];
    const ownName = new URL(`https://${entry}`).hostname.replace(/\.$/, '');
    return ownName === url.hostname && (ownPort === undefined || ownPort === port);
  });
}

const secretNames =
  /^(.*[-_.])?(token|key|apikey|secret|sig|signature|password|passwd|pwd|auth|credential|credentials|code|jwt|sas)$/i;
const secretPrefixes = /^(sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abps]|AKIA|ASIA|eyJ)[-_A-Za-z0-9]{12,}/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Names the parts of a URL's path and query that look like a secret, for a warning: the URL is audited and shown.
 * Never repeats a value. A guess: it may miss some and suspect others.
 */
export function secretLookingUrlParts(url: string | URL): string[] {
  const { pathname, searchParams } = new URL(url);
  const segments = pathname.split('/').slice(1).map(decoded);
  const inPath = segments.flatMap((text, index) => (looksSecret(text) ? [`path segment ${index + 1}`] : []));
  const inQuery = [...searchParams].flatMap(([name, value], index) => {
    if (looksSecret(name)) return [`query parameter ${index + 1}`];
    const suspect = value !== '' && (secretNames.test(name) || looksSecret(value));
    return suspect ? [`query parameter "${name.slice(0, 40).replace(/[^\w.-]/g, '?')}"`] : [];
  });
  return [...inPath, ...inQuery];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** At least 20 characters that mix letters and digits with 3.5 bits each: random text has that, words do not. */
function looksSecret(text: string): boolean {
  if (secretPrefixes.test(text)) return true;
  if (uuid.test(text) || !/^[\w.~+/=-]{20,}$/.test(text) || !/\d/.test(text) || !/[a-z]/i.test(text))
    return false;
  return entropy(text) >= 3.5;
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / text.length) * Math.log2(n / text.length), 0);
}
