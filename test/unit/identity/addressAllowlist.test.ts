import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/api/errors.ts';
import { isAllowedAddress, normaliseCidrs } from '../../../lib/identity/addressAllowlist.ts';

describe('an allowlist', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.0/24'], true],
    ['203.0.114.7', ['203.0.113.0/24'], false],
    ['203.0.113.7', ['203.0.113.7/32'], true],
    ['203.0.113.8', ['203.0.113.7/32'], false],
    ['203.0.113.8', ['203.0.113.7/32', '203.0.113.8/32'], true],
    ['2001:db8::7', ['2001:db8::/32'], true],
    ['2001:DB8:0:0::7', ['2001:db8::/32'], true],
    ['2001:db9::7', ['2001:db8::/32'], false],
    ['::1', ['::1/128'], true],
    // One network seen through another socket: still the same caller.
    ['::ffff:203.0.113.7', ['203.0.113.0/24'], true],
    ['::ffff:cb00:7107', ['203.0.113.0/24'], true],
    ['0:0:0:0:0:ffff:203.0.113.7', ['203.0.113.0/24'], true],
    ['::ffff:203.0.114.7', ['203.0.113.0/24'], false],
    ['::203.0.113.7', ['203.0.113.0/24'], false],
    ['::0.0.0.0', ['::0.0.0.0'], true],
    ['::203.0.113.7', ['::203.0.113.7/128'], true],
    ['::203.0.113.7', ['::203.0.113.0/120'], true],
    ['64:ff9b::203.0.113.7', ['203.0.113.0/24'], false],
    // Every IPv4 address is not every address.
    ['2001:db8::7', ['0.0.0.0/0'], false],
    ['203.0.113.7', ['::/0'], false],
    ['::ffff:203.0.113.7', ['::/0'], false],
    // What is no address is in no range.
    ['unknown', ['0.0.0.0/0', '::/0'], false],
    ['', ['0.0.0.0/0', '::/0'], false],
    ['203.0.113.7:443', ['0.0.0.0/0', '::/0'], false],
    ['[::1]', ['0.0.0.0/0', '::/0'], false],
    ['fe80::1%eth0', ['0.0.0.0/0', '::/0'], false],
    ['3405803783', ['0.0.0.0/0', '::/0'], false],
    ['0313.0.0161.07', ['0.0.0.0/0', '::/0'], false],
    ['203.0.113.7', [], false],
  ])('for %s in %j: %s', (sourceIp, ranges, expected) => {
    expect(isAllowedAddress(sourceIp, normaliseCidrs(ranges, ''))).toBe(expected);
  });

  it('holds every address that it was made of, in any of its spellings', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), address => {
        fc.pre(!/^(::ffff:|0*:0*:0*:0*:0*:ffff:)/i.test(address));
        expect(isAllowedAddress(address, normaliseCidrs([address], ''))).toBe(true);
      }),
    );
  });

  it('is the same list when it is made again', () => {
    const once = normaliseCidrs(['2001:0db8::/32', '10.0.0.0/8', '::FFFE/128', '192.0.2.1'], '');
    expect(normaliseCidrs(once, '')).toEqual(once);
    expect(once).toEqual(['2001:db8::/32', '10.0.0.0/8', '::fffe/128', '192.0.2.1/32']);
  });
});

it('names each element that is no range, and what to write', () => {
  try {
    normaliseCidrs(
      ['10.0.0.0/8', '10.1.0.0/8', 'fe80::1%1', '::ffff:1.2.3.4', '1.2.3.4/-1'],
      '/allowedCidrs',
    );
    expect.unreachable();
  } catch (error) {
    expect((error as ApiError).failure).toMatchObject({
      code: 'ValidationException',
      fieldList: [
        { path: '/allowedCidrs/1', message: expect.stringContaining('did you mean 10.0.0.0/8?') },
        { path: '/allowedCidrs/2', message: expect.stringContaining('write it like') },
        { path: '/allowedCidrs/3', message: expect.stringContaining('write the IPv4 range') },
        { path: '/allowedCidrs/4', message: expect.stringContaining('write it like') },
      ],
    });
    expect(error).toBeInstanceOf(ApiError);
  }
});
