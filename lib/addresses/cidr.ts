import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses: its network address and prefix length. */
export type AddressRange = readonly [Address, number];

/** `problem` completes the sentence "<text> …". */
export type ParsedCidr = { range: AddressRange } | { problem: string };

/** Reads a range such as 10.0.0.0/8 or fd00::/8, strictly: nothing may be set after the prefix. Never throws. */
export function parseCidr(text: string): ParsedCidr {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const wellFormed = isIP(address) !== 0 && !address.includes('%') && rest.length === 0;
  if (!wellFormed || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits) {
    return { problem: 'is not a CIDR range; write it like 10.0.0.0/8 or fd00::/8' };
  }
  const parsed = parse(address);
  if (isMapped(parsed)) return { problem: 'is an IPv4-mapped range; write the IPv4 range instead' };
  const network = networkOf(`${parsed.toString()}/${prefix}`, bits);
  if (network.toString() !== parsed.toString()) {
    return { problem: `has bits set after the prefix; did you mean ${network.toString()}/${prefix}?` };
  }
  return { range: [parsed, Number(prefix)] };
}

/** 4 or 6 for the text of an address, 0 for anything else. */
export function ipVersion(text: string): number {
  return isIP(text);
}

/** An address, an IPv4-mapped one as the IPv4 address inside; `undefined` for anything else, zone ids included. */
export function parseAddress(text: string): Address | undefined {
  if (isIP(text) === 0 || text.includes('%')) return undefined;
  const address = parse(text);
  return isMapped(address) ? address.toIPv4Address() : address;
}

export function isWithin(address: Address, [network, prefix]: AddressRange): boolean {
  return address.kind() === network.kind() && address.match(network, prefix);
}

function isMapped(address: Address): address is ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
}

function networkOf(cidr: string, bits: 32 | 128): Address {
  return bits === 32 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
}

// ipaddr.js reads the dotted form ::1.2.3.4 as ::ffff:1.2.3.4; URLs print it in hexadecimal, which it reads right.
function parse(text: string): Address {
  const plain = text.includes(':') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  return ipaddr.parse(plain);
}
