import {
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createSpace,
  expectError,
  type Item,
  register,
  scan,
  selection,
  startWorld,
} from '../operations/support.ts';
import { ACCOUNT } from '../support/app.ts';
import { injectStoreFault, type StoreFault } from '../support/storeFaults.ts';
import { expectSound, readState } from './state.ts';

const world = startWorld();
let heal = () => {};
afterEach(() => heal());

const inject = (fault: StoreFault) => {
  heal = injectStoreFault(world.app, fault);
};

/** An error as the SDK makes it of an answer of DynamoDB. */
function answered(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
}

const denied = () =>
  answered(
    'AccessDeniedException',
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/secret-role/f is not authorized to perform: dynamodb:PutItem`,
  );
const throttled = () => new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} });
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map(Code => ({ Code })),
  });

/** All but the trail, the rates and the marks of hours. */
async function things(): Promise<string[]> {
  const isThing = ({ pk }: Item) => !/#(AUD|AUR|RATE|HOURS)#?/.test(pk);
  return (await scan(world.app))
    .filter(isThing)
    .map(({ pk, sk, version }) => `${pk} ${sk} ${version}`)
    .sort();
}

describe('a change, where DynamoDB', () => {
  let serviceId: string;
  let agentSpaceId: string;
  beforeAll(async () => {
    serviceId = await register(world);
    agentSpaceId = await createSpace(world);
  });
  afterEach(async () => {
    heal();
    expectSound(await readState(world.app));
  });

  const associate = () => world.app.call('AssociateService', selection(agentSpaceId, serviceId, ['echo']));
  const times = (n: number, error: () => Error): StoreFault => {
    let left = n;
    return ({ command }) => (command === 'TransactWriteItems' && left-- > 0 ? error() : undefined);
  };

  it.each([
    ['throttles it twice', throttled],
    ['cancels it for a part that it throttled', () => cancelled('None', 'ThrottlingError', 'None')],
    ['cancels it for another transaction', () => cancelled('TransactionConflict', 'None')],
  ])('%s, gets through in the end', async (_, error) => {
    inject(times(2, error));
    expect(await associate()).toMatchObject({ status: 201 });
    heal();
    const { associationId } = (await associate()).body.association;
    const gone = await world.app.call('DisassociateService', { agentSpaceId, associationId });
    expect(gone).toMatchObject({ status: 204 });
  });

  it('throttles it for good, is refused with 429, and nothing of it is there', async () => {
    const before = await things();
    inject(times(Number.POSITIVE_INFINITY, throttled));
    expectError(await associate(), 'ThrottlingException', 429);
    expect(await things()).toEqual(before);
  });

  it('does not let the function write, fails without a word of why, and nothing of it is there', async () => {
    const before = await things();
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    inject(times(Number.POSITIVE_INFINITY, denied));
    const answer = await associate();
    const lines = stderr.mock.calls.map(([line]) => String(line));
    stderr.mockRestore();
    expectError(answer, 'InternalServerException', 500);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret-role|dynamodb|AccessDenied/);
    // Whoever operates it is told by name, and not in AWS's words either.
    expect(lines.join()).toContain('"error":"AccessDeniedException"');
    expect(lines.join()).not.toContain('secret-role');
    expect(await things()).toEqual(before);
  });

  it.each([
    ['an answer on the way', { code: 'ECONNRESET' }, 200, 2],
    // The SDK has asked again by then, under the same token.
    ['all answers', { name: 'TimeoutError' }, 500, 1],
  ])('loses %s, is made once, with its event', async (_, error, status, asked) => {
    const { middlewareStack } = world.app.deps.store;
    let lost = 0;
    middlewareStack.add(
      (next, { commandName = '' }) =>
        async args => {
          const result = await next(args);
          if (commandName !== 'TransactWriteItemsCommand' || lost++ > 0) return result;
          throw Object.assign(new Error('no answer'), error);
        },
      { step: 'initialize', name: 'losesAnswer' },
    );
    heal = () => void middlewareStack.remove('losesAnswer');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const answer = await world.app.call('UpdateAgentSpace', { agentSpaceId, name: `after-${status}` });
    stderr.mockRestore();
    heal();
    expect([answer.status, lost]).toEqual([status, asked]);
    const { agentSpace } = (await world.app.call('GetAgentSpace', { agentSpaceId })).body;
    expect(agentSpace.name).toBe(`after-${status}`);
    const events = (await world.app.events()).filter(
      ({ eventName, requestParameters }) =>
        eventName === 'UpdateAgentSpace' && requestParameters.name === `after-${status}`,
    );
    // What was made is the truth, whatever the caller was told.
    expect(events).toMatchObject([{ responseElements: { agentSpace: { name: `after-${status}` } } }]);
    expect(events[0]?.errorCode).toBeUndefined();
  });
});

it('a read that DynamoDB refuses fails without a word of why', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  inject(({ command }) => (command === 'Query' ? denied() : undefined));
  const answer = await world.app.call('ListServices');
  stderr.mockRestore();
  expectError(answer, 'InternalServerException', 500);
  expect(JSON.stringify(answer.body)).not.toMatch(/secret-role|dynamodb/);
});
