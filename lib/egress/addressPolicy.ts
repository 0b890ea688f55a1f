import ipaddr from 'ipaddr.js';
import { type Address, type AddressRange, isWithin, parseAddress, parseCidr } from '../addresses/cidr.ts';

/** `opened`: inside a configured range, public or not. `reason` completes the sentence "<host> is …". */
type AddressVerdict = { kind: 'public' } | { kind: 'opened' } | { kind: 'refused'; reason: string };

/** The only block that IANA assigns global unicast IPv6 addresses from (RFC 4291, 2.4). */
const globalUnicastV6 = range('2000::/3');
/** RFC 6052: IPv4 reached through a translator. Networks without IPv4 answer these for public names. */
const nat64 = range('64:ff9b::/96');
/** ::a.b.c.d, deprecated (RFC 4291, 2.5.5.1): never reached, but its IPv4 address may be metadata. */
const ipv4Compatible = range('::/96');

/**
 * Where clouds serve credentials to the machines they run: refused even inside an opened range, because no
 * development set-up has a server there and one answer gives the deployment's own identity away.
 */
const metadataServices = [
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
].map(range);

const words: Readonly<Record<string, string>> = {
  unspecified: 'an unspecified address',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  carrierGradeNat: 'a carrier-grade NAT address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  '6to4': 'a 6to4 address',
  teredo: 'a Teredo address',
  rfc6052: 'a NAT64 address of something that is not public',
};

/**
 * Judges one address, in the canonical text that `node:net` and WHATWG URLs produce (brackets removed). Only
 * global unicast addresses are public; an IPv4-mapped address is judged by the IPv4 address inside. Anything
 * else, and anything that is not an address, is refused. Never throws.
 */
export function judgeAddress(text: string, opened: readonly AddressRange[]): AddressVerdict {
  if (text.includes('%')) return refused('an address with a zone id');
  const address = parseAddress(text);
  if (!address) return refused('not an IP address');
  const inner = embeddedV4(address);
  if (metadataServices.some(known => isWithin(address, known) || (inner && isWithin(inner, known)))) {
    return refused('the address of a cloud metadata service');
  }
  if (opened.some(open => isWithin(address, open))) return { kind: 'opened' };
  return isPublic(address) ? { kind: 'public' } : refused(words[address.range()] ?? 'a reserved address');
}

/**
 * Reads the ranges of `ALLOWED_PRIVATE_CIDRS`: one comma-separated text, or its parts. Throws an Error whose
 * message names the variable, the wrong part and the right form.
 */
export function parseAllowedPrivateCidrs(value: string | readonly string[]): AddressRange[] {
  const parts = typeof value === 'string' ? value.split(',') : value;
  return parts
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(allowedRange);
}

function allowedRange(text: string): AddressRange {
  const parsed = parseCidr(text);
  if ('range' in parsed) return parsed.range;
  throw new Error(`ALLOWED_PRIVATE_CIDRS: ${JSON.stringify(text)} ${parsed.problem}.`);
}

function range(cidr: string): AddressRange {
  return ipaddr.parseCIDR(cidr);
}

function refused(reason: string): AddressVerdict {
  return { kind: 'refused', reason };
}

function isPublic(address: Address): boolean {
  if (isWithin(address, nat64)) return embeddedV4(address)?.range() === 'unicast';
  const inSpace = address.kind() === 'ipv4' || isWithin(address, globalUnicastV6);
  return inSpace && address.range() === 'unicast';
}

function embeddedV4(address: Address): ipaddr.IPv4 | undefined {
  if (!isWithin(address, nat64) && !isWithin(address, ipv4Compatible)) return undefined;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}
