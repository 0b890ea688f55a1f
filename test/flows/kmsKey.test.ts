import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type VaultContext, VaultError } from '../../lib/credentials/vault.ts';
import { type App, startApp } from '../support/app.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';

const OWN = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000001';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000002';
const FOREIGN = 'arn:aws:kms:us-east-1:999999999999:key/00000000-0000-0000-0000-000000000003';

let app: App;
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let newest = '';
/** What was encrypted, and under which key. */
let sealed: { purpose: VaultContext['purpose']; kmsKeyArn: string | undefined }[] = [];

beforeAll(async () => {
  [app, provider] = await Promise.all([startApp({ KMS_KEY_ARN: OWN }), startAuthorizationServer()]);
  provider.provider.on('client_credentials.saved', ({ jti }) => {
    newest = jti;
  });
  peer = await startProtectedServer({ authorizationServer: provider, checksAudience: false });
  const { vault } = app.deps;
  const encrypt = vault.encrypt.bind(vault);
  // KMS itself is test/unit/credentials/kmsVault.test.ts; here it matters which key it is asked for.
  vault.encrypt = (plaintext, context, kmsKeyArn) => {
    if (kmsKeyArn === FOREIGN) throw new VaultError('KEY_NOT_ALLOWED', 'must belong here', kmsKeyArn);
    sealed.push({ purpose: context.purpose, kmsKeyArn });
    return encrypt(plaintext, context);
  };
});
beforeEach(() => {
  sealed = [];
});
afterAll(async () => {
  await Promise.all([app.stop(), peer.close(), provider.close()]);
});

const config = (kind: 'direct' | 'consent') => {
  const client = { ...CLIENTS.confidential, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
  if (kind === 'direct') return { oAuthClientCredentials: client };
  const { authorizationUrl } = provider;
  return { oAuth3LO: { ...client, authorizationUrl, returnToEndpoint: 'http://127.0.0.1:4100/' } };
};

const registration = (name: string, kind: 'direct' | 'consent', kmsKeyArn: string) => ({
  service: 'mcpserver',
  kmsKeyArn,
  serviceDetails: { mcpserver: { name, endpoint: peer.url, authorizationConfig: config(kind) } },
});

describe('the KMS key of a registration', () => {
  it('is the key of its credential and its tokens, when they are refreshed and replaced, too', async () => {
    const { body } = await app.call('RegisterService', registration('own-key', 'direct', KEY));
    const { serviceId } = body;
    expect(body.kmsKeyArn).toBe(KEY);
    const ofBoth = [
      { purpose: 'credential', kmsKeyArn: KEY },
      { purpose: 'token', kmsKeyArn: KEY },
    ];
    expect(sealed).toEqual(ofBoth);

    sealed = [];
    peer.refuse(newest);
    const { report } = (await app.call('ValidateService', { serviceId })).body;
    expect(report).toMatchObject({ valid: true });
    expect(sealed).toEqual([{ purpose: 'token', kmsKeyArn: KEY }]);

    sealed = [];
    const serviceDetails = { mcpserver: { authorizationConfig: config('direct') } };
    expect(await app.call('UpdateService', { serviceId, serviceDetails })).toMatchObject({ status: 200 });
    expect(sealed).toEqual(ofBoth);
    expect((await app.call('GetService', { serviceId })).body.service.kmsKeyArn).toBe(KEY);
  });

  it('is the key of a consent that waits', async () => {
    const begun = await app.call('RegisterService', registration('waiting', 'consent', KEY));
    expect(begun).toMatchObject({ status: 201, body: { additionalStep: { oauth: {} } } });
    expect(sealed).toEqual([{ purpose: 'credential', kmsKeyArn: KEY }]);
  });

  it.each(['direct', 'consent'] as const)('is refused by name where it may not be used (%s)', async kind => {
    const answer = await app.call('RegisterService', registration(`foreign-${kind}`, kind, FOREIGN));
    expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
    expect(answer.body.fieldList).toEqual([{ path: '/kmsKeyArn', message: 'must belong here' }]);
    expect((await app.call('ListServices')).body.services).toHaveLength(1);
  });
});
