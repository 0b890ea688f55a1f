import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allowedHosts, foreignHost, publicUrlOf } from '../../../../local/http/hosts.ts';
import { loadHttpSettings } from '../../../../local/http/settings.ts';
import { sourceIpOf } from '../../../../local/http/sourceIp.ts';

const dir = mkdtempSync(join(tmpdir(), 'settings-'));
const pem = join(dir, 'some.pem');
writeFileSync(pem, '');
afterAll(() => rmSync(dir, { recursive: true }));

const tls = { TLS_CERT_FILE: pem, TLS_KEY_FILE: pem };

describe('settings', () => {
  it('have defaults', () => {
    expect(loadHttpSettings({})).toEqual({
      host: '127.0.0.1',
      port: 4100,
      portVariable: 'PORT',
      trustedProxies: [],
    });
    expect(loadHttpSettings({ PORT: ' ', HOST: '', TRUSTED_PROXIES: ',' }).port).toBe(4100);
  });

  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]', '::ffff:127.0.0.1'])(
    '%s needs no TLS',
    HOST => {
      expect(() => loadHttpSettings({ HOST })).not.toThrow();
    },
  );

  it.each(['0.0.0.0', '::', '192.0.2.1', 'switchboard.example.com', '2001:db8::1'])('%s needs TLS', HOST => {
    expect(() => loadHttpSettings({ HOST })).toThrow(
      /^HOST=.* Set TLS_CERT_FILE and TLS_KEY_FILE, or BEHIND_TLS_PROXY=true .*, or HOST=127\.0\.0\.1\.$/,
    );
    expect(() => loadHttpSettings({ HOST, BEHIND_TLS_PROXY: 'false' })).toThrow('BEHIND_TLS_PROXY=true');
    expect(loadHttpSettings({ HOST, ...tls }).tls).toEqual({ certFile: pem, keyFile: pem });
    expect(loadHttpSettings({ HOST, BEHIND_TLS_PROXY: 'true' }).tls).toBeUndefined();
  });

  it.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535, not "http".'],
    [{ PORT: '65536' }, 'PORT must be'],
    [{ PORT: '-1' }, 'PORT must be'],
    [{ PORT: '1e3' }, 'PORT must be'],
    [{ HOST: '127.0.0.1:80' }, 'HOST must be an address or a name without a port'],
    [{ HOST: 'a/b' }, 'HOST must be'],
    [{ HOST: '2130706433' }, 'HOST must be'],
    [{ PUBLIC_BASE_URL: 'example.com' }, 'PUBLIC_BASE_URL must be'],
    [{ PUBLIC_BASE_URL: 'ftp://example.com' }, 'PUBLIC_BASE_URL must be'],
    [{ PUBLIC_BASE_URL: 'https://example.com/a' }, 'PUBLIC_BASE_URL must be'],
    [{ PUBLIC_BASE_URL: 'https://user:hunter2@example.com' }, 'PUBLIC_BASE_URL must be'],
    [
      { TRUSTED_PROXIES: '10.0.0.0/8, nginx' },
      'TRUSTED_PROXIES must be addresses or ranges such as 10.0.0.0/8, not "nginx".',
    ],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must be'],
    [{ TLS_CERT_FILE: pem }, 'TLS_CERT_FILE is set but TLS_KEY_FILE is not'],
    [{ TLS_KEY_FILE: pem }, 'TLS_KEY_FILE is set but TLS_CERT_FILE is not'],
    [{ ...tls, TLS_KEY_FILE: '/nowhere.pem' }, 'TLS_KEY_FILE names a file that does not exist: /nowhere.pem'],
    [{ BEHIND_TLS_PROXY: 'yes', HOST: '::' }, 'BEHIND_TLS_PROXY must be true or false, not "yes".'],
  ])('%j is refused with the remedy', (env, message) => {
    expect(() => loadHttpSettings(env)).toThrow(message);
    expect(() => loadHttpSettings(env)).not.toThrow('hunter2');
  });
});

describe('host names', () => {
  const hosts = (env: Record<string, string>, port = 4100) =>
    [...allowedHosts(loadHttpSettings(env), port)].toSorted();

  it('are loopback’s, and the public one', () => {
    const loopback = ['127.0.0.1:4100', '[::1]:4100', 'localhost:4100'];
    expect(hosts({})).toEqual(loopback);
    expect(hosts({ PUBLIC_BASE_URL: 'https://Example.com/' })).toEqual(
      [...loopback, 'example.com', 'example.com:443'].toSorted(),
    );
    expect(hosts({ HOST: 'localhost' }, 80)).toContain('localhost');
    expect(hosts({ HOST: '::', BEHIND_TLS_PROXY: 'true' })).toContain('[::1]:4100');
  });

  it('are not loopback’s on another address', () => {
    expect(hosts({ HOST: '192.0.2.1', ...tls }, 443)).toEqual(['192.0.2.1', '192.0.2.1:443']);
  });

  it('make the public URL', () => {
    expect(publicUrlOf(loadHttpSettings({}), 4100)).toBe('http://127.0.0.1:4100');
    expect(publicUrlOf(loadHttpSettings({ HOST: '::1', ...tls }), 7)).toBe('https://[::1]:7');
    expect(publicUrlOf(loadHttpSettings({ PUBLIC_BASE_URL: 'https://example.com/' }), 7)).toBe(
      'https://example.com',
    );
  });

  it('decide who is answered', () => {
    const allowed = allowedHosts(loadHttpSettings({}), 4100);
    const host = (...values: string[]) =>
      foreignHost(
        values.map(value => ['hOsT', value] as const),
        allowed,
      );
    expect(host('LocalHost:4100')).toBeUndefined();
    expect(host()?.message).toContain('the Host header is missing');
    expect(host('localhost:4100', 'localhost:4100')?.failure.code).toBe('AccessDeniedException');
    for (const foreign of [
      'evil.example',
      'localhost',
      '127.0.0.1',
      'localhost:4101',
      'localhost.:4100',
      '',
    ]) {
      expect(host(foreign)?.message).toContain(`"${foreign}" is not one of its names`);
    }
  });
});

describe('the source address', () => {
  const { trustedProxies } = loadHttpSettings({ TRUSTED_PROXIES: '10.0.0.0/8,192.0.2.1,2001:db8::/32' });
  const from = (peer: string | undefined, ...forwarded: string[]) =>
    sourceIpOf(
      peer,
      forwarded.map(value => ['X-Forwarded-For', value] as const),
      trustedProxies,
    );

  it.each([
    ['a direct client', from('203.0.113.9'), '203.0.113.9'],
    ['a direct client that pretends', from('203.0.113.9', '198.51.100.1'), '203.0.113.9'],
    ['a client of a proxy', from('10.1.2.3', '198.51.100.1'), '198.51.100.1'],
    ['a client of a proxy that pretends', from('10.1.2.3', '1.2.3.4, 198.51.100.1'), '198.51.100.1'],
    ['a client of two proxies', from('10.1.2.3', '1.2.3.4, 198.51.100.1', '192.0.2.1'), '198.51.100.1'],
    ['proxies only', from('10.1.2.3', '10.0.0.7'), '10.0.0.7'],
    ['a proxy that says nothing', from('10.1.2.3'), '10.1.2.3'],
    ['rubbish', from('10.1.2.3', '198.51.100.1, unknown'), '10.1.2.3'],
    ['odd spellings of an address', from('10.1.2.3', '0x7f.1'), '10.1.2.3'],
    ['an address with a port', from('10.1.2.3', '198.51.100.1:5678'), '198.51.100.1'],
    ['IPv6 with a port', from('2001:db8::1', '[2001:DB9::1]:5678'), '2001:db9::1'],
    ['IPv6', from('2001:db8::1', '2001:db9::1'), '2001:db9::1'],
    ['an IPv4-mapped peer', from('::ffff:10.1.2.3', '198.51.100.1'), '198.51.100.1'],
    ['no peer', from(undefined, '198.51.100.1'), 'unknown'],
  ])('of %s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('is the peer’s when no proxy is trusted', () => {
    expect(sourceIpOf('10.1.2.3', [['x-forwarded-for', '198.51.100.1']], [])).toBe('10.1.2.3');
  });
});
