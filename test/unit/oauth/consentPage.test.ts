import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { browserSecret, consentCookie } from '../../../lib/oauth/consentCookie.ts';
import { consentPage } from '../../../lib/oauth/consentPage.ts';
import type { PendingItem } from '../../../lib/oauth/pending.ts';
import { mintBrowserSecret } from '../../../lib/oauth/state.ts';

const HOSTILE = `"><script>alert(1)</script>'&\u202e`;

function pendingOf(more: Partial<PendingItem> = {}): PendingItem {
  return {
    pk: '',
    sk: '',
    kind: 'registration',
    serviceId: 'mcpserver-1',
    caller: {
      accountId: '111122223333',
      type: 'IAMUser',
      arn: 'arn:aws:iam::111122223333:user/alice',
      principalId: '',
      accessKeyId: '',
      userName: 'alice',
      sourceIp: '',
      userAgent: '',
    },
    requestId: '',
    server: { name: 'weather', endpoint: 'https://mcp.example.com/mcp' },
    scopes: ['mcp:read', 'offline_access'],
    provider: 'https://auth.example.com',
    returnTo: 'https://console.example.com/',
    status: 'started',
    expiresAt: 0,
    ...more,
  };
}

const show = (more?: Partial<PendingItem>) =>
  consentPage(pendingOf(more), 'TICKET', 'https://switchboard/consent');

describe('the consent page', () => {
  it('names who asks for what, and where it goes on', () => {
    const { body } = show();
    for (const text of [
      'user/alice',
      'account <strong>111122223333',
      'weather',
      'https://mcp.example.com/mcp',
      'mcp:read',
    ]) {
      expect(body).toContain(text);
    }
    expect(body).toContain('Continue to auth.example.com');
    expect(show({ kind: 'update' }).body).toContain('replace the access');
  });

  it('names the person where many have one role', () => {
    expect(show().body).not.toContain('signed in as');
    const provider = 'login.example.com:OIDC:<jo>';
    const webIdentity = { identityId: 'i', identityPoolId: 'p', provider };
    const { body } = show({ caller: { ...pendingOf().caller, webIdentity } });
    expect(body).toContain('signed in as <strong>login.example.com:OIDC:&#60;jo&#62;</strong>');
  });

  it('escapes everything', () => {
    const { body } = show({
      server: { name: HOSTILE, endpoint: `https://mcp.example.com/${HOSTILE}` },
      scopes: [HOSTILE],
      caller: { ...pendingOf().caller, arn: HOSTILE },
    });
    expect(body).not.toMatch(/<script/i);
    expect(body).not.toContain('\u202e');
    expect(body.match(/</g)?.length).toBe(show({ scopes: ['a'] }).body.match(/</g)?.length);
  });

  it('may not run, embed or be embedded; its style is the one that its policy allows', () => {
    const { headers, body } = show();
    const policy = String(headers?.['content-security-policy']);
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(rule);
    }
    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? '';
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('lets its form lead to plain HTTP only where the consent does', () => {
    const policyOf = (more?: Partial<PendingItem>) => String(show(more).headers?.['content-security-policy']);
    expect(policyOf()).toContain("form-action 'self' https:;");
    expect(policyOf({ returnTo: 'http://127.0.0.1:5173/x' })).toContain(
      "form-action 'self' https: http://127.0.0.1:5173;",
    );
  });
});

describe('the consent cookie', () => {
  const secure = { publicBaseUrl: 'https://switchboard.example.com' };
  const plain = { publicBaseUrl: 'http://127.0.0.1:4100' };
  const secret = mintBrowserSecret();

  it('is of this host alone, and unreadable to scripts', () => {
    expect(consentCookie(secret, secure)).toBe(
      `__Host-switchboard-consent=${secret}; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(consentCookie(secret, plain)).toBe(
      `switchboard-consent=${secret}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax`,
    );
  });

  it('is read by its exact name, and only when there is one', () => {
    const named = `__Host-switchboard-consent=${secret}`;
    expect(browserSecret([`a=b; ${named}; c=d`], secure)).toBe(secret);
    expect(browserSecret([named, 'a=b'], secure)).toBe(secret);
    expect(browserSecret([`switchboard-consent=${secret}`], secure)).toBeUndefined();
    expect(browserSecret([`x__Host-switchboard-consent=${secret}`], secure)).toBeUndefined();
    expect(
      browserSecret([`${named}; ${named.replace(secret, mintBrowserSecret())}`], secure),
    ).toBeUndefined();
    expect(browserSecret([`${named}x`], secure)).toBeUndefined();
    expect(browserSecret([], secure)).toBeUndefined();
  });
});
