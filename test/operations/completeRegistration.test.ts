import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lib/api/operations.ts';
import { createAuditTrail } from '../../lib/audit/trail.ts';
import { serverDeps } from '../../lib/deps/server.ts';
import { CONSENT_LIFETIME_MS } from '../../lib/oauth/state.ts';
import { completeRegistration } from '../../lib/services/completeRegistration.ts';
import { accessKeysFile } from '../../local/accessKeys.ts';
import { arnOf, principalIdOf } from '../../local/identity/accessKey.ts';
import { createAccessKey } from '../../local/identity/manageAccessKeys.ts';
import { type Switchboard, startSwitchboard } from '../conformance/switchboard.ts';
import { OTHER_ACCOUNT } from '../support/app.ts';
import { caFile } from '../support/caFile.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { CALLER } from '../support/oauth/consentApp.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { scan } from '../support/oauth/tableDump.ts';
import { type ClientKey, lookedUp, type SignedAnswer, signedCall } from '../support/signedClient.ts';
import { expectError, expectInvalid, HIDDEN } from './support.ts';

let switchboard: Switchboard;
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let alice: ClientKey;
let aliceAgain: ClientKey;
let bob: ClientKey;
let stranger: ClientKey;
let made = 0;

beforeAll(async () => {
  switchboard = await startSwitchboard({
    EGRESS_CA_FILE: await caFile(),
    REQUIRE_INITIATOR_CONFIRMATION: 'true',
  });
  provider = await startAuthorizationServer({
    redirectUris: [`${new URL(switchboard.console).origin}/v1/register/mcpserver/callback`],
  });
  peer = await startProtectedServer({ authorizationServer: provider, checksAudience: false });
  [alice, aliceAgain, bob, stranger] = [key('alice'), key('alice'), key('bob'), key('alice', OTHER_ACCOUNT)];
  await untilNoticed(stranger);
});
afterAll(async () => {
  await switchboard?.stop();
  await Promise.all([peer?.close(), provider?.close()]);
});

function key(userName: string, accountId = '111122223333'): ClientKey {
  const file = accessKeysFile(switchboard.dataDir);
  return createAccessKey(file, { role: 'operator', accountId, userName }, Date.now);
}

async function untilNoticed(one: ClientKey): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if ((await signedCall(switchboard.port, 'ListServices', {}, { key: one })).status === 200) return;
    await sleep(50);
  }
  throw new Error('The key is not noticed');
}

function identityOf(userName: string) {
  const accountId = '111122223333';
  return {
    accountId,
    arn: arnOf({ accountId, userName }),
    principalId: principalIdOf({ accountId, userName }),
  };
}

const authorizationConfig = (more: object = {}) => ({
  oAuth3LO: {
    ...CLIENTS.confidential,
    authorizationUrl: provider.authorizationUrl,
    exchangeUrl: provider.tokenUrl,
    scopes: ['mcp:write'],
    supportCodeChallenge: true,
    returnToEndpoint: `${switchboard.console}?confirmation=forged&tab=1`,
    ...more,
  },
});

/** A registration that its initiator has begun. */
async function begun(name = `svc-${++made}`, key = alice): Promise<SignedAnswer> {
  const mcpserver = { name, endpoint: peer.url, authorizationConfig: authorizationConfig() };
  const input = { service: 'mcpserver', serviceDetails: { mcpserver } };
  const answer = await signedCall(switchboard.port, 'RegisterService', input, { key });
  expect(answer.status).toBe(201);
  return answer;
}

interface Waiting {
  confirmationToken: string;
  landed: URL;
  person: Person;
  callback: URL;
}

/** Consents in a browser, which comes back with the confirmation. */
async function consented(answer: SignedAnswer): Promise<Waiting> {
  const person = newPerson();
  const callback = await person.consent(answer.body.additionalStep.oauth.authorizationUrl, provider);
  const landed = new URL((await person.get(callback)).location);
  return { confirmationToken: landed.searchParams.get('confirmation') ?? '', landed, person, callback };
}

const complete = (confirmationToken: string, key = alice) =>
  signedCall(switchboard.port, 'CompleteRegistration', { service: 'mcpserver', confirmationToken }, { key });

async function names(): Promise<string[]> {
  const { body } = await signedCall(switchboard.port, 'ListServices', {}, { key: alice });
  return body.services.map(({ name }: { name: string }) => name);
}

describe('a consent that its initiator has to complete', () => {
  it('registers nothing before, then registers, reports warnings, and tells the same again', async () => {
    const start = await begun('confirmed');
    const { confirmationToken, landed, person, callback } = await consented(start);
    expect(landed.searchParams.get('serviceId')).toBeNull();
    expect(landed.searchParams.getAll('confirmation')).toEqual([confirmationToken]);
    expect(landed.searchParams.get('tab')).toBe('1');
    expect(await names()).not.toContain('confirmed');

    // With any key of the same user.
    const done = await complete(confirmationToken, aliceAgain);
    expect(done).toMatchObject({
      status: 200,
      body: {
        serviceId: expect.any(String),
        warnings: [{ code: 'SCOPES_PROMISE_WRITES' }, { code: 'TOOL_READ_ONLY_HINT_MISSING' }],
      },
    });
    const { serviceId } = done.body;
    expect(await names()).toContain('confirmed');
    const { body } = await signedCall(switchboard.port, 'ValidateService', { serviceId }, { key: alice });
    expect(body.report).toMatchObject({ valid: true });
    expect(await complete(confirmationToken)).toMatchObject({ status: 200, body: { serviceId } });
    const reload = new URL((await person.get(callback)).location);
    expect(reload.searchParams.get('serviceId')).toBe(serviceId);
    expect(provider.counts.granted.authorization_code).toBe(1);
  });

  it('leaves one event of the call, which names the request that began it and hides the confirmation', async () => {
    const start = await begun();
    const { confirmationToken } = await consented(start);
    const done = await complete(confirmationToken);
    const events = await lookedUp(switchboard.port, {}, { key: alice });
    const [event, ...others] = events.filter(({ requestID }) => requestID === done.requestId);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventName: 'CompleteRegistration',
      userIdentity: { userName: 'alice' },
      requestParameters: { service: 'mcpserver', confirmationToken: HIDDEN },
      responseElements: { serviceId: done.body.serviceId },
      additionalEventData: { endpoint: peer.url, consent: { requestID: start.requestId } },
      resources: [{ type: 'AWS::DevOpsAgent::Service' }],
    });
    const secret = confirmationToken.split('.')[1] ?? '';
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(await scan(serverDeps())).not.toContain(secret);
  });

  it('is for its initiator alone, and for the confirmation that was given out last', async () => {
    const { confirmationToken, person, callback } = await consented(await begun('mine'));
    expectError(await complete(confirmationToken, bob), 'AccessDeniedException', 403, /Only whoever began/);
    expectError(await complete(confirmationToken, stranger), 'ResourceNotFoundException', 404);
    const [hash] = confirmationToken.split('.');
    expectError(await complete(`${hash}.${'a'.repeat(43)}`), 'ResourceNotFoundException', 404);
    expectError(await complete(`${'a'.repeat(43)}.${'a'.repeat(43)}`), 'ResourceNotFoundException', 404);
    const again = new URL((await person.get(callback)).location).searchParams.get('confirmation') ?? '';
    expect(again).not.toBe(confirmationToken);
    expectError(await complete(confirmationToken), 'ResourceNotFoundException', 404);
    expect(await names()).not.toContain('mine');
    expect((await complete(again)).status).toBe(200);
  });

  it('gives no confirmation to a browser that did not consent', async () => {
    const start = await begun();
    const { callback } = await consented(start);
    const other = await newPerson().get(callback);
    expect(other).toMatchObject({ status: 400, location: '' });
  });

  it('is over after ten minutes', async () => {
    const { confirmationToken } = await consented(await begun('late'));
    const at = Date.now() + CONSENT_LIFETIME_MS + 1_000;
    const input = { service: 'mcpserver', confirmationToken } as const;
    const { accountId, arn, principalId } = identityOf('alice');
    const caller = { ...CALLER, accountId, arn, principalId };
    const call = { operation: operations.CompleteRegistration, caller, requestId: 'r', at, input };
    const { config, newId } = serverDeps();
    const audit = createAuditTrail({ ...call, eventId: newId(at), config });
    const late = completeRegistration(input, { caller, requestId: 'r', at, audit }, serverDeps());
    await expect(late).rejects.toMatchObject({ failure: { code: 'ResourceNotFoundException' } });
    expect((await complete(confirmationToken)).status).toBe(200);
  });

  it('swaps a credential in the same way', async () => {
    const { body } = await complete((await consented(await begun('swapped'))).confirmationToken);
    const { serviceId } = body;
    const serviceDetails = { mcpserver: { authorizationConfig: authorizationConfig() } };
    const update = await signedCall(
      switchboard.port,
      'UpdateService',
      { serviceId, serviceDetails, description: 'new' },
      { key: alice },
    );
    const { confirmationToken } = await consented(update);
    const read = async () =>
      (await signedCall(switchboard.port, 'GetService', { serviceId }, { key: alice })).body.service;
    expect((await read()).additionalServiceDetails.mcpserver.description).toBeUndefined();
    expect(await complete(confirmationToken)).toMatchObject({ status: 200, body: { serviceId } });
    expect((await read()).additionalServiceDetails.mcpserver.description).toBe('new');
  });

  it('that cannot be completed ends, for the caller and for the browser', async () => {
    const { confirmationToken, person, callback } = await consented(await begun('taken'));
    const { confirmationToken: other } = await consented(await begun('taken'));
    expect((await complete(other)).status).toBe(200);
    expectError(await complete(confirmationToken), 'ConflictException', 409, /name taken is taken/);
    expectError(await complete(confirmationToken), 'ConflictException', 409, /has failed \(conflict\)/);
    const landed = new URL((await person.get(callback)).location);
    expect(landed.searchParams.get('error')).toBe('conflict');
    expect(landed.searchParams.get('confirmation')).toBeNull();
  });

  it('is completed once, however often it is asked for at once', async () => {
    const { confirmationToken } = await consented(await begun('once'));
    const answers = await Promise.all(Array.from({ length: 4 }, () => complete(confirmationToken)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.serviceId)).size).toBe(1);
    expect((await names()).filter(name => name === 'once')).toHaveLength(1);
  });
});

it('refuses what is no confirmation, and other services', async () => {
  expectInvalid(await complete('x'), ['/confirmationToken', /that the browser came back with/]);
  const confirmationToken = `${'a'.repeat(43)}.${'a'.repeat(43)}`;
  const input = { service: 'mcpserversigv4', confirmationToken };
  const answer = await signedCall(switchboard.port, 'CompleteRegistration', input, { key: alice });
  expectInvalid(answer, ['/service', /must be mcpserver/]);
});
