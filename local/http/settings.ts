import { existsSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import type { AddressRange } from '../../lib/addresses/cidr.ts';
import { flag, list } from '../../lib/config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where and how the embedded server listens. */
export interface HttpSettings {
  /** As given to listen(): IPv6 without brackets. */
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The variable that says so. */
  portVariable: string;
  /** No trailing slash. Unset: `http(s)://HOST:PORT`, with the port that was taken. */
  publicBaseUrl?: string;
  /** Whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly AddressRange[];
  tls?: { certFile: string; keyFile: string };
}

/**
 * Reads PORT, HOST, PUBLIC_BASE_URL, TRUSTED_PROXIES, TLS_CERT_FILE, TLS_KEY_FILE and BEHIND_TLS_PROXY.
 * @throws Error that names the variable and the remedy; beyond loopback also when nothing encrypts
 */
export function loadHttpSettings(env: Env): HttpSettings {
  const host = hostOf(env.HOST);
  const tls = tlsOf(env);
  if (!isLoopback(host) && !tls && !flag(env, 'BEHIND_TLS_PROXY', false)) {
    throw new Error(
      `HOST=${host} is reachable from other machines, and nothing would encrypt. Set TLS_CERT_FILE and ` +
        'TLS_KEY_FILE, or BEHIND_TLS_PROXY=true when a proxy in front terminates TLS, or HOST=127.0.0.1.',
    );
  }
  const publicBaseUrl = baseUrlOf('PUBLIC_BASE_URL', env.PUBLIC_BASE_URL);
  return {
    host,
    port: portOf('PORT', env.PORT?.trim() || '4100'),
    portVariable: 'PORT',
    trustedProxies: list(env.TRUSTED_PROXIES).map(rangeOf),
    ...(publicBaseUrl && { publicBaseUrl }),
    ...(tls && { tls }),
  };
}

/** Whether only this machine can reach a listener on `host`. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** Whether a listener on `host` takes connections on every address, loopback included. */
export function isWildcard(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'unspecified';
}

function hostOf(value: string | undefined): string {
  const host = value?.trim() || '127.0.0.1';
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const wellFormed =
    ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare) || /^[a-z][a-z0-9.-]*$/i.test(bare);
  if (!wellFormed) throw new Error(`HOST must be an address or a name without a port, not "${value}".`);
  return bare;
}

/** @throws Error that names the variable */
export function portOf(variable: string, value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value.trim()) && port <= 65_535) return port;
  throw new Error(`${variable} must be a whole number from 0 to 65535, not "${value}".`);
}

/** @throws Error that names the variable */
export function baseUrlOf(variable: string, value: string | undefined): string | undefined {
  if (!value?.trim()) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const plain = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  if (plain && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw new Error(
    `${variable} must be the scheme, name and port that clients use, without a path: https://switchboard.example.com`,
  );
}

function tlsOf(env: Env): HttpSettings['tls'] {
  const certFile = env.TLS_CERT_FILE?.trim();
  const keyFile = env.TLS_KEY_FILE?.trim();
  if (!certFile && !keyFile) return undefined;
  if (!certFile || !keyFile) {
    const [set, unset] = certFile ? ['TLS_CERT_FILE', 'TLS_KEY_FILE'] : ['TLS_KEY_FILE', 'TLS_CERT_FILE'];
    throw new Error(`${set} is set but ${unset} is not: set both (PEM files), or neither.`);
  }
  for (const [name, file] of Object.entries({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile })) {
    if (!existsSync(file)) throw new Error(`${name} names a file that does not exist: ${file}`);
  }
  return { certFile, keyFile };
}

function rangeOf(text: string): AddressRange {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text)) {
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  throw new Error(`TRUSTED_PROXIES must be addresses or ranges such as 10.0.0.0/8, not "${text}".`);
}
