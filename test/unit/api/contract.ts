import type { ServiceModel } from '../../../scripts/awsModel/model.ts';
import type { MemberRef, Shape } from '../../../scripts/awsModel/shapes.ts';
import facts from '../../fixtures/devops-agent-api.json' with { type: 'json' };

interface PublicMember {
  shape: string;
  required?: boolean;
  in?: 'path' | 'query';
  idempotencyToken?: boolean;
}

interface PublicShape {
  type: string;
  members?: Record<string, PublicMember>;
  of?: string;
  key?: string;
  value?: string;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  sensitive?: boolean;
  timestampFormat?: string;
}

interface PublicOperation {
  method: string;
  path: string;
  status: number;
  errors: string[];
  input: string;
  output: string;
}

export const publicOperations: Record<string, PublicOperation> = facts.operations;
const publicShapes = facts.shapes as unknown as Record<string, PublicShape>;

/** One place where our model and the public one differ: `<public structure>.<member>`, or the shape, and the fact. */
export interface Difference {
  at: string;
  what: string;
}

/** Every difference between the public shapes below a name and ours below another. */
export function differences(publicName: string, name: string, model: ServiceModel): Difference[] {
  const found: Difference[] = [];
  const seen = new Set<string>();
  const tell = (at: string, what: string) => found.push({ at, what });

  const visit = (theirName: string, ourName: string, at: string) => {
    const pair = `${theirName} ${ourName} ${at}`;
    if (seen.has(pair)) return;
    seen.add(pair);
    const theirs = publicShapes[theirName];
    const ours = model.shapes[ourName];
    if (!theirs || !ours) throw new Error(`${theirName} or ${ourName} is missing`);
    if (theirName === 'Document') {
      if (!ours.document) tell(at, 'type');
      return;
    }
    // A name that both know means one shape everywhere: told once, by that name.
    compareFacts(theirs, ours, theirName === ourName ? theirName : at);
    compareMembers(theirs, ours, theirName);
    if (theirs.of && ours.member) visit(theirs.of, ours.member.shape, `${theirName}[]`);
    if (theirs.key && ours.key) visit(theirs.key, ours.key.shape, `${theirName} key`);
    if (theirs.value && ours.value) visit(theirs.value, ours.value.shape, `${theirName} value`);
  };

  const compareFacts = (theirs: PublicShape, ours: Shape, at: string) => {
    if (theirs.type !== (ours.union ? 'union' : ours.type)) tell(at, 'type');
    for (const fact of ['max', 'timestampFormat'] as const) {
      if (theirs[fact] !== ours[fact]) tell(at, fact);
    }
    if ((theirs.min ?? 0) !== (ours.min ?? 0)) tell(at, 'min');
    if (Boolean(theirs.sensitive) !== Boolean(ours.sensitive)) tell(at, 'sensitive');
    if (plain(theirs.pattern) !== plain(ours.pattern)) tell(at, 'pattern');
    if (String(theirs.enum) !== String(ours.enum)) tell(at, 'enum');
  };

  const compareMembers = (theirs: PublicShape, ours: Shape, structure: string) => {
    const theirMembers = theirs.members ?? {};
    const ourMembers = ours.members ?? {};
    for (const member of Object.keys(ourMembers)) {
      if (!theirMembers[member]) tell(`${structure}.${member}`, 'extra member');
    }
    for (const [member, their] of Object.entries(theirMembers)) {
      const at = `${structure}.${member}`;
      const our = ourMembers[member];
      if (!our) {
        tell(at, 'missing member');
        continue;
      }
      if (Boolean(their.required) !== Boolean(ours.required?.includes(member))) tell(at, 'required');
      if (their.in !== placeOf(our)) tell(at, 'location');
      if (Boolean(their.idempotencyToken) !== Boolean(our.idempotencyToken)) tell(at, 'idempotencyToken');
      visit(their.shape, our.shape, at);
    }
  };

  visit(publicName, name, publicName);
  return found;
}

function placeOf(ref: MemberRef): 'path' | 'query' | undefined {
  if (ref.location === 'uri') return 'path';
  return ref.location === 'querystring' ? 'query' : undefined;
}

/** Two spellings of one pattern: `[\S]` is `\S`, and `[` needs no escape inside a class. */
function plain(pattern: string | undefined): string | undefined {
  return pattern?.replaceAll('[\\S]', '\\S').replace('#-\\[', '#-[');
}
