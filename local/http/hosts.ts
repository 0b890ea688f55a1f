import { type ApiError, fail } from '../../lib/api/errors.ts';
import { printable, type RawHeaders, valuesOf } from './rawRequest.ts';
import { type HttpSettings, isLoopback, isWildcard } from './settings.ts';

/** The URL that others reach the server at; `port` is the one that was taken. */
export function publicUrlOf(settings: HttpSettings, port: number): string {
  return settings.publicBaseUrl ?? `${settings.tls ? 'https' : 'http'}://${inUrl(settings.host)}:${port}`;
}

/**
 * The Host header values that the server answers to. Any other name in it means that a browser was led
 * here by a name of someone else's (DNS rebinding). Loopback names cannot be rebound.
 */
export function allowedHosts(settings: HttpSettings, port: number): ReadonlySet<string> {
  const names = [inUrl(settings.host)];
  if (isLoopback(settings.host) || isWildcard(settings.host)) names.push('localhost', '127.0.0.1', '[::1]');
  const urls = names.map(name => new URL(`${settings.tls ? 'https' : 'http'}://${name}:${port}`));
  return new Set([...urls, new URL(publicUrlOf(settings, port))].flatMap(spellings));
}

/** The same names with their port, for refusing them as somebody else's server. */
export function ownHosts(settings: HttpSettings, port: number): string[] {
  return [...allowedHosts(settings, port)].filter(host => /:\d+$/.test(host));
}

/** An `AccessDeniedException` unless the request names one of `allowed`, once. */
export function foreignHost(headers: RawHeaders, allowed: ReadonlySet<string>): ApiError | undefined {
  const values = valuesOf(headers, 'host');
  if (values.length === 1 && allowed.has((values[0] as string).toLowerCase())) return undefined;
  const said =
    values.length === 0 ? 'is missing' : `"${printable(values.join(', '))}" is not one of its names`;
  return fail(
    'AccessDeniedException',
    `This server does not answer to that name: the Host header ${said}. ` +
      'If it should be, set PUBLIC_BASE_URL (AGENTS_BASE_URL for the port of agents alone) to the URL that clients use.',
  );
}

/** Clients leave a scheme's own port out or spell it. */
function spellings(url: URL): string[] {
  const standard = url.protocol === 'https:' ? '443' : '80';
  return url.port === '' ? [url.hostname, `${url.hostname}:${standard}`] : [url.host];
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
