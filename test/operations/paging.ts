import { expect } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { OTHER_ACCOUNT } from '../support/app.ts';
import { expectInvalid, ok, type World } from './support.ts';

export interface Paged {
  operation: OperationName;
  input?: object;
  /** The output member that is paged. */
  member: string;
  /** What tells one entry from another. */
  id: (entry: never) => string;
  /** Ids of the whole list, in order. */
  all: string[];
  /** Inputs with other filters, for which a token is not good. */
  others?: object[];
}

/** Walks a list page by page. */
export async function walk({ app }: World, paged: Paged, maxResults: number): Promise<string[][]> {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const more = nextToken === undefined ? {} : { nextToken };
    const body = ok(await app.call(paged.operation, { ...paged.input, maxResults, ...more }));
    pages.push(body[paged.member].map(paged.id));
    nextToken = body.nextToken;
    if (pages.length > 1_000) throw new Error('The list never ends');
  } while (nextToken !== undefined);
  return pages;
}

/** Every page is full but the last, nothing is told twice or left out, and tokens are good for this list alone. */
export async function provePaging(world: World, paged: Paged): Promise<void> {
  const { all } = paged;
  expect(all.length).toBeGreaterThanOrEqual(5);
  for (const size of [1, 2, all.length - 1, all.length, 100]) {
    const pages = await walk(world, paged, size);
    expect(pages.flat()).toEqual(all);
    expect(pages.slice(0, -1).every(page => page.length === size)).toBe(true);
    expect(pages.length).toBe(Math.ceil(all.length / size));
  }
  await proveTokens(world, paged);
  await proveBounds(world, paged);
}

async function proveTokens({ app }: World, { operation, input, others = [] }: Paged): Promise<void> {
  const { nextToken } = ok(await app.call(operation, { ...input, maxResults: 2 }));
  const refused = async (token: string, otherInput = input) =>
    expectInvalid(await app.call(operation, { ...otherInput, nextToken: token }), ['/nextToken']);
  for (const at of new Set([0, 1, 10, 21, 22, nextToken.length - 2, nextToken.length - 1])) {
    const other = nextToken[at] === 'A' ? 'B' : 'A';
    await refused(nextToken.slice(0, at) + other + nextToken.slice(at + 1));
  }
  for (const token of [nextToken.slice(0, -1), `${nextToken}A`, `${nextToken}=`, 'x', '%', '\ud83d\ude00']) {
    await refused(token);
  }
  for (const other of others) await refused(nextToken, other);
  const foreign = await app.call(operation, { ...input, nextToken }, { accountId: OTHER_ACCOUNT });
  expect(foreign.error).toMatch(/^(ValidationException|ResourceNotFoundException)$/);
  const sibling = operation === 'ListServices' ? 'ListAgentSpaces' : 'ListServices';
  expectInvalid(await app.call(sibling, { nextToken }), ['/nextToken']);
  const body = { rawBody: JSON.stringify({ maxResults: 2 }) };
  expectInvalid(await app.call(operation, input, body), ['/maxResults', /URL/]);
}

async function proveBounds({ app }: World, { operation, input }: Paged): Promise<void> {
  for (const maxResults of [0, -1, 101, 1.5, 'ten', '', '1e999', 'NaN', '9'.repeat(400)]) {
    expectInvalid(await app.call(operation, { ...input, maxResults }), ['/maxResults']);
  }
  expectInvalid(await app.call(operation, { ...input, nextToken: 'a'.repeat(2049) }), ['/nextToken']);
  expectInvalid(await app.call(operation, { ...input, nextToken: '' }), ['/nextToken']);
}
