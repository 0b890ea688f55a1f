import type * as z from 'zod';
import { fail } from '../api/errors.ts';
import type { ExpectedFingerprints } from '../api/schemas/associations.ts';
import type { CatalogueTool } from '../services/catalogue.ts';

/** Names in one message: the list itself tells the rest. */
const MAX_NAMED = 5;

/**
 * A server may change a tool between the moment that somebody looks at it and the moment that they confirm it: what was
 * not seen is not confirmed. Tools that it no longer offers are no matter here: they cannot be called.
 * @throws ConflictException naming tools that the server offers under other definitions now
 */
export function refuseUnseen(
  expected: z.output<typeof ExpectedFingerprints> = [],
  offered: readonly CatalogueTool[],
): void {
  const now = new Map(offered.map(tool => [tool.definition.name, tool.fingerprint]));
  const changed = expected.filter(({ name, fingerprint }) => (now.get(name) ?? fingerprint) !== fingerprint);
  if (changed.length === 0) return;
  const names = changed.slice(0, MAX_NAMED).map(({ name }) => name);
  const more = changed.length > MAX_NAMED ? ` and ${changed.length - MAX_NAMED} more` : '';
  throw fail(
    'ConflictException',
    `The server has changed ${names.join(', ')}${more} since these fingerprints were listed. Look at the tools again (ListServiceTools), and confirm what they are now.`,
  );
}
