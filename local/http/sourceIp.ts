import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { type Address, type AddressRange, isWithin } from '../../lib/addresses/cidr.ts';
import { type RawHeaders, valuesOf } from './rawRequest.ts';

/**
 * The address that a request came from: the peer's, or, while the peer is a trusted proxy, the rightmost
 * address in `X-Forwarded-For` that is not one. What is left of that address was written by the client.
 */
export function sourceIpOf(
  peer: string | undefined,
  headers: RawHeaders,
  trusted: readonly AddressRange[],
): string {
  if (trusted.length === 0) return direct(peer ?? '');
  let source = parse(peer ?? '');
  if (!source) return 'unknown';
  const forwarded = valuesOf(headers, 'x-forwarded-for').join(',').split(',').reverse();
  for (const entry of forwarded) {
    if (!isTrusted(source, trusted)) break;
    const next = parse(entry.trim());
    if (!next) break;
    source = next;
  }
  return source.toString();
}

/** Spellings of peers that send one request after the other. */
const peers = new LRUCache<string, string>({ max: 1_000 });

function direct(peer: string): string {
  const known = peers.get(peer);
  if (known !== undefined) return known;
  const address = parse(peer)?.toString() ?? 'unknown';
  peers.set(peer, address);
  return address;
}

function isTrusted(address: Address, trusted: readonly AddressRange[]): boolean {
  return trusted.some(range => isWithin(address, range));
}

/** Proxies write `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1` or `[2001:db8::1]:5678`. */
function parse(text: string): Address | undefined {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  const bare = bracketed ?? text.replace(/^([\d.]+):\d+$/, '$1');
  const valid = ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare);
  return valid ? ipaddr.process(bare) : undefined;
}
