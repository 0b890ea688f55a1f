import canonicalize from 'canonicalize';
import { visible } from '../../lib/egress/visible.ts';

/** One member of two definitions, as lines to be read; none where a definition lacks it. */
export interface MemberPair {
  name: string;
  before: string[];
  after: string[];
  changed: boolean;
}

/** What agents and people are shown of a tool, in the order in which they read it; what else there is follows. */
const FIRST = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'];

/** The members of two definitions; the order of keys is no difference, as in fingerprints. */
export function membersOf(before: object, after: object): MemberPair[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const others = [...new Set([...old.keys(), ...now.keys()])].filter(name => !FIRST.includes(name)).sort();
  return [...FIRST, ...others].flatMap(name => {
    if (!old.has(name) && !now.has(name)) return [];
    const changed = canonicalize([old.get(name)]) !== canonicalize([now.get(name)]);
    return [{ name, before: linesOf(old.get(name)), after: linesOf(now.get(name)), changed }];
  });
}

/** Text as it is, anything else as indented JSON; what nobody would see is spelt out. */
function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split('\n').map(visible);
  const json = canonicalize(value) ?? 'null';
  return JSON.stringify(JSON.parse(json), null, 2)
    .split('\n')
    .map(line => {
      const text = line.trimStart();
      return line.slice(0, line.length - text.length) + visible(text);
    });
}
