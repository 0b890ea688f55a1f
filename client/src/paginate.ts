import { SwitchboardError } from './errors.ts';
import type { OperationRow } from './operation.ts';

type Members = Readonly<Record<string, unknown>>;
type Ask = (input: Members) => Promise<Members | undefined>;
type PageRow = NonNullable<OperationRow['page']>;

/**
 * The pages of an operation, each asked for when it is wanted.
 * @throws SwitchboardError InvalidResponse when a page's token leads to the same page again
 */
export async function* pages(
  ask: Ask,
  input: Members,
  { token: name }: Pick<PageRow, 'token'>,
): AsyncGenerator<Members, void> {
  let token = input[name];
  for (;;) {
    const page = (await ask({ ...input, [name]: token })) ?? {};
    yield page;
    const next = page[name];
    if (typeof next !== 'string' || next === '') return;
    if (next === token) throw endless();
    token = next;
  }
}

/** What the pages list, one by one. */
export async function* items(ask: Ask, input: Members, row: PageRow): AsyncGenerator<unknown, void> {
  for await (const page of pages(ask, input, row)) {
    const listed = page[row.items];
    if (Array.isArray(listed)) yield* listed;
  }
}

function endless(): SwitchboardError {
  const message = 'The server answered with the same page token twice in a row.';
  return new SwitchboardError({ name: 'InvalidResponse', message });
}
