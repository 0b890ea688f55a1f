import { describe, expect, it } from 'vitest';
import { judgeAddress, parseAllowedPrivateCidrs } from '../../../lib/egress/addressPolicy.ts';

const kind = (address: string, opened = '') => judgeAddress(address, parseAllowedPrivateCidrs(opened)).kind;

describe('judgeAddress', () => {
  it.each([
    ['8.8.8.8'],
    ['1.0.0.0'],
    ['9.255.255.255'],
    ['11.0.0.0'],
    ['100.63.255.255'],
    ['100.128.0.0'],
    ['126.255.255.255'],
    ['128.0.0.0'],
    ['169.253.255.255'],
    ['169.255.0.0'],
    ['172.15.255.255'],
    ['172.32.0.0'],
    ['192.167.255.255'],
    ['192.169.0.0'],
    ['198.17.255.255'],
    ['198.20.0.0'],
    ['223.255.255.255'],
    ['2600::1'],
    ['2606:4700:4700::1111'],
    ['2a00:1450:4001::1'],
    ['::ffff:8.8.8.8'],
    ['::ffff:808:808'],
    ['64:ff9b::8.8.8.8'],
    ['64:ff9b::808:808'],
  ])('lets the public address %s through', address => {
    expect(kind(address)).toBe('public');
  });

  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.255.255.255', 'unspecified'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.0', 'carrier-grade NAT'],
    ['100.127.255.255', 'carrier-grade NAT'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['192.31.196.1', 'reserved'],
    ['192.52.193.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['192.168.0.0', 'private'],
    ['192.168.255.255', 'private'],
    ['192.175.48.1', 'reserved'],
    ['198.18.0.0', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::8.8.8.8', 'reserved'],
    ['::169.254.169.254', 'metadata'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['::ffff:0:8.8.8.8', 'reserved'],
    ['64:ff9b::10.0.0.1', 'NAT64'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['64:ff9b::203.0.113.1', 'NAT64'],
    ['64:ff9b:1::8.8.8.8', 'NAT64'],
    ['64:ff9b:1:808:8:800::', 'NAT64'],
    ['100::1', 'reserved'],
    ['2001::1', 'Teredo'],
    ['2001:2::1', 'reserved'],
    ['2001:3::1', 'reserved'],
    ['2001:4:112::1', 'reserved'],
    ['2001:10::1', 'reserved'],
    ['2001:20::1', 'reserved'],
    ['2001:30::1', 'reserved'],
    ['2001:1ff:ffff::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2002:808:808::1', '6to4'],
    ['2002:a9fe:a9fe::1', '6to4'],
    ['2620:4f:8000::1', 'reserved'],
    ['3fff::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['8000::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fd00:ec2::254', 'metadata'],
    ['fdff:ffff::1', 'private'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'multicast'],
    ['fe80::1%eth0', 'zone id'],
    ['2600::1%1', 'zone id'],
    ['0x7f.1', 'not an IP'],
    ['2130706433', 'not an IP'],
    ['0177.0.0.1', 'not an IP'],
    ['8.8.8.8.', 'not an IP'],
    [' 8.8.8.8', 'not an IP'],
    ['[2600::1]', 'not an IP'],
    ['localhost', 'not an IP'],
    ['', 'not an IP'],
  ])('refuses %s: %s', (address, reason) => {
    const verdict = judgeAddress(address, []);
    expect(verdict).toMatchObject({ kind: 'refused' });
    expect('reason' in verdict && verdict.reason).toContain(reason);
  });

  it('opens exactly the configured ranges', () => {
    expect(kind('10.1.2.3', '10.1.0.0/16')).toBe('opened');
    expect(kind('::ffff:10.1.2.3', '10.1.0.0/16')).toBe('opened');
    expect(kind('10.2.0.0', '10.1.0.0/16')).toBe('refused');
    expect(kind('fd12::5', '10.1.0.0/16, fd12::/16')).toBe('opened');
    expect(kind('64:ff9b::10.1.2.3', '10.1.0.0/16')).toBe('refused');
    expect(kind('8.8.8.8', '8.8.8.0/24')).toBe('opened');
  });

  it('never opens a metadata service', () => {
    for (const address of ['169.254.169.254', '::ffff:169.254.170.2', 'fd00:ec2::254', '::169.254.169.254']) {
      expect(kind(address, '0.0.0.0/0,::/0')).toBe('refused');
    }
  });
});

describe('parseAllowedPrivateCidrs', () => {
  it('reads a text and a list, and nothing from an empty one', () => {
    expect(parseAllowedPrivateCidrs(' 10.0.0.0/8 ,::1/128,')).toHaveLength(2);
    expect(parseAllowedPrivateCidrs(['127.0.0.1/32'])).toHaveLength(1);
    expect(parseAllowedPrivateCidrs('')).toEqual([]);
  });

  it.each([
    ['10.0.0.0', 'is not a CIDR range'],
    ['10.0.0.0/33', 'is not a CIDR range'],
    ['::1/129', 'is not a CIDR range'],
    ['10.0.0.0/', 'is not a CIDR range'],
    ['10.0.0.0/08', 'is not a CIDR range'],
    ['10.0.0.0/-1', 'is not a CIDR range'],
    ['10.0.0.0/8/8', 'is not a CIDR range'],
    ['10/8', 'is not a CIDR range'],
    ['0x0a.0.0.0/8', 'is not a CIDR range'],
    ['fe80::%eth0/10', 'is not a CIDR range'],
    ['localhost/8', 'is not a CIDR range'],
    ['10.1.0.0/8', 'did you mean 10.0.0.0/8?'],
    ['fd00::1/8', 'did you mean fd00::/8?'],
    ['::ffff:10.0.0.0/104', 'write the IPv4 range instead'],
  ])('refuses %s and says which variable is wrong', (text, problem) => {
    const wrong = () => parseAllowedPrivateCidrs(`192.168.0.0/16,${text}`);
    expect(wrong).toThrow('ALLOWED_PRIVATE_CIDRS');
    expect(wrong).toThrow(JSON.stringify(text));
    expect(wrong).toThrow(problem);
  });
});
