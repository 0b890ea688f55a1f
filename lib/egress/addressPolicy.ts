import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses: its network address and prefix length. */
export type AddressRange = readonly [Address, number];

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
  if (isIP(text) === 0) return refused('not an IP address');
  const address = withoutMapping(parse(text));
  const inner = embeddedV4(address);
  if (metadataServices.some(known => within(address, known) || (inner && within(inner, known)))) {
    return refused('the address of a cloud metadata service');
  }
  if (opened.some(open => within(address, open))) return { kind: 'opened' };
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
    .map(parseCidr);
}

function parseCidr(text: string): AddressRange {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const wellFormed = isIP(address) !== 0 && !address.includes('%') && rest.length === 0;
  if (!wellFormed || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits) {
    throw cidrError(text, 'is not a CIDR range; write it like 10.0.0.0/8 or fd00::/8');
  }
  const parsed = parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) {
    throw cidrError(text, 'is an IPv4-mapped range; write the IPv4 range instead');
  }
  const network = networkOf(text, bits);
  if (network.toString() !== parsed.toString()) {
    throw cidrError(text, `has bits set after the prefix; did you mean ${network.toString()}/${prefix}?`);
  }
  return [parsed, Number(prefix)];
}

function cidrError(text: string, problem: string): Error {
  return new Error(`ALLOWED_PRIVATE_CIDRS: ${JSON.stringify(text)} ${problem}.`);
}

function networkOf(cidr: string, bits: 32 | 128): Address {
  return bits === 32 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
}

function range(cidr: string): AddressRange {
  return ipaddr.parseCIDR(cidr);
}

function refused(reason: string): AddressVerdict {
  return { kind: 'refused', reason };
}

function isPublic(address: Address): boolean {
  if (within(address, nat64)) return embeddedV4(address)?.range() === 'unicast';
  const inSpace = address.kind() === 'ipv4' || within(address, globalUnicastV6);
  return inSpace && address.range() === 'unicast';
}

// ipaddr.js reads the dotted form ::1.2.3.4 as ::ffff:1.2.3.4; URLs print it in hexadecimal, which it reads right.
function parse(text: string): Address {
  const plain = text.includes(':') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  return ipaddr.parse(plain);
}

function withoutMapping(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function embeddedV4(address: Address): ipaddr.IPv4 | undefined {
  if (!within(address, nat64) && !within(address, ipv4Compatible)) return undefined;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

function within(address: Address, [network, prefix]: AddressRange): boolean {
  return address.kind() === network.kind() && address.match(network, prefix);
}
