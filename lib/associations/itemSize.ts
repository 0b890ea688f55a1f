import { fail } from '../api/errors.ts';
import { jsonBytes } from '../audit/bounds.ts';
import { MAX_LIST_TOOLS, MAX_WARNINGS } from '../mcp/limits.ts';
import { type AssociationItem, selectionOf } from './associationItem.ts';
import { MAX_NAMES } from './otherTools.ts';

/** Bytes of an association: DynamoDB's 400 KB of an item, but for ids and times. */
const MAX_BYTES = 400_000;
/** Bytes of a pinned tool that is withheld: name (62 at most, since agents see it), reason, mark, and the map itself. */
const WITHHELD_BYTES = 112;
/** Bytes of a tool's name behind `*`, kept to compare it with other servers' tools. */
const NAME_BYTES = 64;
/** Bytes of a tool that `*` could not let in: 128 characters of any script, and the rest. */
const UNPINNED_BYTES = 440;

/**
 * An association must have room to withhold every tool that it ever pins: a server that changes all of them at once
 * must not thereby keep them from being withheld.
 * @param tools how many it names
 * @throws ContentSizeExceededException
 */
export function refuseOversized(
  association: Pick<AssociationItem, 'configuration'> & { capabilities?: unknown },
  tools: number,
): void {
  const all = selectionOf(association).tools.includes('*');
  const reserved = all
    ? MAX_LIST_TOOLS * WITHHELD_BYTES + MAX_NAMES * NAME_BYTES + MAX_WARNINGS * UNPINNED_BYTES
    : tools * WITHHELD_BYTES;
  const { configuration, capabilities } = association;
  if (jsonBytes({ configuration, capabilities }) + reserved <= MAX_BYTES) return;
  throw fail(
    'ContentSizeExceededException',
    'The configuration and capabilities are too large: name fewer tools, or shorten the capabilities.',
  );
}
