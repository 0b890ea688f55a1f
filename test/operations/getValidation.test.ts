import type { ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { VALIDATION_STEPS } from '../../lib/mcp/stepCodes.ts';
import { keys } from '../../lib/store/keys.ts';
import { transact } from '../../lib/store/transact.ts';
import { present, update } from '../../lib/store/write.ts';
import { ACCOUNT, apiKeyRegistration, OTHER_ACCOUNT } from '../support/app.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';
import { injectStoreFault } from '../support/storeFaults.ts';
import { startPausingServer } from './pausingServer.ts';
import {
  contents,
  eventOf,
  expectError,
  expectInvalid,
  fresh,
  KEY,
  ok,
  register,
  scan,
  startWorld,
} from './support.ts';

const world = startWorld();

const follow = async (validationId: string) =>
  ok(await world.app.call('GetValidation', { validationId })).validation;
const told = (steps: { step: string; status: string }[]) =>
  steps.map(({ step, status }) => `${step} ${status}`);
const passed = (upTo: string) =>
  VALIDATION_STEPS.slice(0, VALIDATION_STEPS.indexOf(upTo as 'tools') + 1).map(step => `${step} passed`);

/** Writes of progress while something runs. */
async function writesDuring(work: () => Promise<unknown>): Promise<number> {
  let writes = 0;
  const done = injectStoreFault(world.app, ({ command, input }) => {
    if (command.startsWith('Put') && input.includes('#VAL#')) writes++;
    return undefined;
  });
  try {
    await work();
    return writes;
  } finally {
    done();
  }
}

it('tells the steps that have ended while the next one runs, and the outcome afterwards', async () => {
  const { peer, pauseNext } = await startPausingServer(manyTools(1));
  try {
    const request = apiKeyRegistration(fresh('slow'), peer.url, KEY);
    const { serviceId } = ok(await world.app.call('RegisterService', request));
    for (const [operation, input] of [
      ['ValidateRegistration', { ...request, validationId: fresh('run-') }],
      ['ValidateService', { serviceId, validationId: fresh('run-') }],
    ] as const) {
      const { validationId } = input;
      const { seen, release } = pauseNext();
      const writes = await writesDuring(async () => {
        const answer = world.app.call(operation, input);
        await seen;
        await vi.waitFor(async () =>
          expect(await follow(validationId)).toMatchObject({ status: 'IN_PROGRESS', validationId }),
        );
        await vi.waitFor(async () =>
          expect(told((await follow(validationId)).steps)).toEqual(passed('handshake')),
        );
        release();
        const { report } = ok(await answer);
        expect(await follow(validationId)).toMatchObject({ status: 'SUCCEEDED', steps: report.steps });
        expect(told(report.steps)).toEqual(passed('tools'));
      });
      expect(writes).toBeGreaterThan(1);
      expect(writes).toBeLessThanOrEqual(VALIDATION_STEPS.length);
    }
  } finally {
    await peer.close();
  }
});

it("follows the credential that is to take another one's place", async () => {
  const serviceId = await register(world);
  const replace = (apiKeyValue: string, validationId: string) => {
    const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue };
    const serviceDetails = { mcpserver: { authorizationConfig: { apiKey } } };
    return world.app.call('UpdateService', { serviceId, serviceDetails, validationId });
  };
  const [good, bad] = [fresh('run-'), fresh('run-')];
  ok(await replace(KEY, good));
  expect(told((await follow(good)).steps)).toEqual(passed('tools'));
  expect((await replace('a-wrong-key-altogether', bad)).error).toBe('ValidationException');
  const { status, steps } = await follow(bad);
  expect(status).toBe('FAILED');
  expect(steps).toHaveLength(VALIDATION_STEPS.length);
  const path = '/serviceDetails/mcpserver/authorizationConfig/apiKey/apiKeyValue';
  expect(steps).toContainEqual(expect.objectContaining({ step: 'credential', status: 'failed', path }));
});

it('tells the failed step and its member as the report does, and leaves one event', async () => {
  const validationId = fresh('run-');
  const request = apiKeyRegistration(fresh('wrong'), world.peer.url, 'a-wrong-key-altogether');
  const { report } = ok(await world.app.call('ValidateRegistration', { ...request, validationId }));
  const answer = await world.app.call('GetValidation', { validationId });
  expect(ok(answer).validation).toMatchObject({ status: 'FAILED', steps: report.steps });
  expect(report.steps.some((step: { path?: string }) => step.path?.endsWith('/apiKeyValue'))).toBe(true);
  expect((await eventOf(world.app, 'GetValidation', answer)).requestParameters).toEqual({ validationId });
});

it('never shows the refusal that a consent answers as a failure', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  const server = await startTlsServer((_, response) => asked.resolve(response), {});
  const shown: string[] = [];
  const done = injectStoreFault(world.app, ({ command, input }) => {
    if (command.startsWith('Put') && input.includes('#VAL#')) shown.push(input);
    return undefined;
  });
  try {
    const validationId = fresh('run-');
    const oAuth3LO = {
      clientId: 'client',
      authorizationUrl: 'https://provider.example.com/authorize',
      exchangeUrl: 'https://provider.example.com/token',
      returnToEndpoint: 'http://127.0.0.1:4100/',
    };
    const details = { name: fresh('consent'), endpoint: server.url, authorizationConfig: { oAuth3LO } };
    const request = { service: 'mcpserver', serviceDetails: { mcpserver: details }, validationId };
    const answer = world.app.call('ValidateRegistration', request);
    const response = await asked.promise;
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).flushHeaders();
    // No write is under way then that would take the refusal and the report along together.
    await vi.waitFor(async () => expect((await follow(validationId)).steps).toHaveLength(4));
    const before = shown.length;
    response.end();
    const { report } = ok(await answer);
    expect(shown.length).toBeGreaterThan(before);
    expect(shown.join()).not.toContain('CREDENTIAL_REJECTED');
    expect(await follow(validationId)).toMatchObject({ status: 'SUCCEEDED', steps: report.steps });
  } finally {
    done();
    await server.close();
  }
});

it('is that of the later call where two have one id', async () => {
  const { peer, pauseNext } = await startPausingServer(manyTools(1));
  try {
    const validationId = fresh('run-');
    const request = () => ({ ...apiKeyRegistration(fresh('two'), peer.url, KEY), validationId });
    const { seen, release } = pauseNext();
    const earlier = world.app.call('ValidateRegistration', request());
    await seen;
    await vi.waitFor(async () => expect((await follow(validationId)).steps).toHaveLength(7));
    const later = apiKeyRegistration(fresh('two'), peer.url, 'a-wrong-key-altogether');
    ok(await world.app.call('ValidateRegistration', { ...later, validationId }));
    release();
    expect(ok(await earlier).report.valid).toBe(true);
    expect(await follow(validationId)).toMatchObject({ status: 'FAILED' });
  } finally {
    await peer.close();
  }
});

it('does not keep a validation from ending where it cannot be kept, nor keep one that nobody follows', async () => {
  const before = await contents(world.app);
  const request = apiKeyRegistration(fresh('kept'), world.peer.url, KEY);
  ok(await world.app.call('ValidateRegistration', request));
  const done = injectStoreFault(world.app, ({ input }) => (input.includes('#VAL#') ? 'fail' : undefined));
  try {
    const answer = await world.app.call('ValidateRegistration', { ...request, validationId: fresh('run-') });
    expect(ok(answer).report.valid).toBe(true);
  } finally {
    done();
  }
  expect(await contents(world.app)).toEqual(before);
});

it('is gone after ten minutes, and never that of another account', async () => {
  const validationId = fresh('run-');
  const unknown = await world.app.call('GetValidation', { validationId });
  expectError(unknown, 'ResourceNotFoundException', 404);
  const request = apiKeyRegistration(fresh('gone'), world.peer.url, KEY);
  ok(await world.app.call('ValidateRegistration', { ...request, validationId }));
  const foreign = await world.app.call('GetValidation', { validationId }, { accountId: OTHER_ACCOUNT });
  expectError(foreign, 'ResourceNotFoundException', 404);
  const item = (await scan(world.app)).find(({ pk }) => pk.endsWith(`#VAL#${validationId}`));
  expect(Number(item?.expiresAt) - Date.now() / 1000).toBeLessThanOrEqual(600);
  const over = { set: { expiresAt: Math.floor(Date.now() / 1000) } };
  const key = keys.validation(ACCOUNT, validationId);
  const { item: clause } = update(world.app.engine.tableName, key, over, present('validation'));
  await transact(world.app.deps.store, [{ item: clause }], world.app.deps);
  expectError(await world.app.call('GetValidation', { validationId }), 'ResourceNotFoundException', 404);
  expectInvalid(await world.app.call('GetValidation', { validationId: 'a b' }), ['/validationId']);
});
