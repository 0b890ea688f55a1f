import { describe, expect, it } from 'vitest';
import { parseAllowedPrivateCidrs } from '../../../lib/egress/addressPolicy.ts';
import { EgressError } from '../../../lib/egress/types.ts';
import { checkOwnHosts, checkUrl, secretLookingUrlParts } from '../../../lib/egress/urlPolicy.ts';

const rules = (over: { allowInsecureHttp?: boolean; ownHosts?: string[]; opened?: string } = {}) => ({
  allowInsecureHttp: over.allowInsecureHttp ?? false,
  ownHosts: over.ownHosts ?? [],
  opened: parseAllowedPrivateCidrs(over.opened ?? ''),
});

function refusal(raw: string, given = rules()): EgressError {
  try {
    checkUrl(raw, given);
  } catch (error) {
    if (error instanceof EgressError) return error;
    throw error;
  }
  throw new Error(`${raw} was let through`);
}

describe('checkUrl', () => {
  it.each([
    ['https://mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
    ['https://MCP.Example.com:443/mcp?a=b', 'https://mcp.example.com/mcp?a=b'],
    ['https://mcp.example.com.:8443/', 'https://mcp.example.com:8443/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://8.8.8.8./', 'https://8.8.8.8/'],
    ['https://0x08080808/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700:0:0:0:0:1111]/', 'https://[2606:4700:4700::1111]/'],
    ['https://example.com/user@home', 'https://example.com/user@home'],
  ])('lets %s through as %s', (raw, href) => {
    expect(checkUrl(raw, rules()).href).toBe(href);
  });

  it.each([
    ['mcp.example.com/mcp', 'not a URL'],
    ['', 'not a URL'],
    ['https://', 'not a URL'],
    ['https://exa mple.com/', 'space'],
    [' https://example.com/', 'space'],
    ['https://example.com/\n', 'space, control'],
    ['https://example.com/\u0000', 'space, control'],
    ['ht\ttps://example.com/', 'space, control'],
    ['https:\\\\example.com/', 'backslash'],
    ['https://good.example\\@evil.example/', 'backslash'],
    ['ftp://example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['data:text/plain,x', 'must begin with https://'],
    ['ws://example.com/', 'must begin with https://'],
    ['https://user:pass@example.com/', 'user name'],
    ['https://user@example.com/', 'user name'],
    ['https://@example.com/', 'user name'],
    ['https:user@example.com/', 'user name'],
    ['https://example.com/#top', 'fragment'],
    ['https://example.com/#', 'fragment'],
    ['https://./', 'host name'],
    ['https://example.com../', 'host name'],
    [`https://${'a'.repeat(60)}.${'b.'.repeat(100)}com/`, 'host name'],
    [`https://example.com/${'a'.repeat(2048)}`, 'longer than 2048'],
    ['https://1.2.3.4.5/', 'not a URL'],
    ['https://256.0.0.1/', 'not a URL'],
    ['https://[fe80::1%25eth0]/', 'not a URL'],
    ['https://example.com:99999/', 'not a URL'],
  ])('refuses the form of %j: %s', (raw, reason) => {
    const error = refusal(raw);
    expect(error).toMatchObject({ code: 'URL_INVALID', phase: 'url' });
    expect(error.message).toContain(reason);
  });

  it('never repeats a password', () => {
    expect(refusal('https://user:canary-1@example.com/').message).not.toContain('canary');
    expect(refusal('https://user:canary-1@exa mple.com/?canary').message).not.toContain('canary');
  });

  it('lets http:// through only when told to, and literals only inside the opened ranges', () => {
    expect(refusal('http://example.com/').code).toBe('INSECURE_HTTP_REFUSED');
    expect(refusal('http://127.0.0.1/', rules({ opened: '127.0.0.0/8' })).code).toBe('INSECURE_HTTP_REFUSED');
    const insecure = rules({ allowInsecureHttp: true, opened: '127.0.0.0/8' });
    expect(checkUrl('http://127.1:8080/', insecure).href).toBe('http://127.0.0.1:8080/');
    expect(refusal('http://8.8.8.8/', insecure).code).toBe('INSECURE_HTTP_REFUSED');
    expect(refusal('http://10.0.0.1/', insecure).code).toBe('ADDRESS_REFUSED');
  });

  it.each([
    ['https://switchboard.example.com/v1', 'switchboard.example.com'],
    ['https://SWITCHBOARD.example.com.:8443/', 'switchboard.example.com'],
    ['https://switchboard.example.com/', 'Switchboard.Example.com:443'],
    ['https://127.1:4100/', '127.0.0.1:4100'],
    ['https://[0:0::1]:4100/', '[::1]:4100'],
  ])('refuses %s as the own host %s', (raw, own) => {
    const given = rules({ ownHosts: ['other.example', own], opened: '127.0.0.0/8,::1/128' });
    expect(refusal(raw, given)).toMatchObject({ code: 'OWN_HOST_REFUSED', phase: 'url' });
  });

  it('lets another port of an own host with a port through', () => {
    const given = rules({ ownHosts: ['127.0.0.1:4100'], opened: '127.0.0.0/8' });
    expect(checkUrl('https://127.0.0.1:5000/', given).port).toBe('5000');
    expect(() => checkOwnHosts(['a b'])).toThrow('host[:port]');
  });
});

describe('secretLookingUrlParts', () => {
  const random = 'q7Zt3mXw9Kp2Vb8Ls4Dn';

  it.each([
    [`https://e.example/mcp/s/${random}/mcp`, ['path segment 3']],
    ['https://e.example/sk-live1234567890abcd', ['path segment 1']],
    ['https://e.example/mcp?token=x', ['query parameter "token"']],
    ['https://e.example/mcp?key=1', ['query parameter "key"']],
    ['https://e.example/mcp?API_KEY=1', ['query parameter "API_KEY"']],
    ['https://e.example/mcp?apikey=1', ['query parameter "apikey"']],
    ['https://e.example/mcp?client_secret=1', ['query parameter "client_secret"']],
    [
      'https://e.example/mcp?sig=1&X-Amz-Signature=2',
      ['query parameter "sig"', 'query parameter "X-Amz-Signature"'],
    ],
    [`https://e.example/mcp?v=${random}`, ['query parameter "v"']],
    [`https://e.example/mcp?${random}`, ['query parameter 1']],
    ['https://e.example/mcp', []],
    ['https://e.example/api/v2/model-context-protocol/servers', []],
    ['https://e.example/tenants/123e4567-e89b-42d3-a456-426614174000/mcp', []],
    ['https://e.example/mcp?region=eu-central-1&tenant=acme&token=', []],
  ])('finds in %s: %j', (url, parts) => {
    const found = secretLookingUrlParts(url);
    expect(found).toEqual(parts);
    expect(found.join()).not.toContain(random);
  });
});
