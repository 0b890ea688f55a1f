import type { keys } from '../../../lib/store/keys.ts';
import type { StoredItem } from '../table.ts';

/** The items of docs/storage-schema.md, by their names in `lib/store/keys.ts`. */
export type Kind = Exclude<
  keyof typeof keys,
  | 'services'
  | 'serviceParts'
  | 'spaces'
  | 'spaceParts'
  | 'invocationDays'
  | 'callCounts'
  | 'deletions'
  | 'clientLooks'
  | 'healthChecks'
  | 'archiveMarks'
  | 'archiveChains'
>;

/** The key of each kind as `pk sk`. */
const FORMS: Record<Exclude<Kind, 'idempotency' | 'pending'>, RegExp> = {
  service: /^A#\d+#SVC /,
  serviceName: /^A#\d+#NAME#\S+ -$/,
  useCount: /^A#\d+#S#\S+ USE#\d$/,
  credential: /^A#\d+#S#\S+ CRED$/,
  token: /^A#\d+#S#\S+ TOK$/,
  lease: /^A#\d+#S#\S+ LEASE$/,
  catalogue: /^A#\d+#S#\S+ CAT#/,
  usedBy: /^A#\d+#S#\S+ SPACE#/,
  space: /^A#\d+#SPC /,
  association: /^A#\d+#P#\S+ ASC#/,
  pinned: /^A#\d+#P#\S+ PIN#/,
  namePrefix: /^A#\d+#P#\S+ NAM#/,
  accessTokenCopy: /^A#\d+#P#\S+ TOK#/,
  accessTokenPlaces: /^A#\d+#P#\S+ TOKENS$/,
  accessToken: /^A#\d+#T#\S+ -$/,
  accessTokenUse: /^A#\d+#T#\S+ USED$/,
  invocationDay: /^A#\d+#P#\S+#INV /,
  invocations: /^A#\d+#P#\S+#INV#\S+ /,
  callCount: /^A#\d+#P#\S+#CNT /,
  count: /^A#\d+#COUNT (SVC|SPC)$/,
  validations: /^A#\d+#RATE#VALIDATE /,
  validation: /^A#\d+#VAL#\S+ -$/,
  oauthClient: /^A#\d+#OAC#\S+ -$/,
  registeredClient: /^A#\d+#OAC#\S+ C#/,
  clientRegistrations: /^A#\d+#RATE#CLIENT /,
  event: /^A#\d+#AUD#/,
  eventReference: /^A#\d+#AUR#/,
  deletion: /^A#SYSTEM#DELETIONS /,
  clientLook: /^A#SYSTEM#CLIENTS /,
  healthCheck: /^A#SYSTEM#HEALTH /,
  archiveMark: /^A#SYSTEM#HOURS /,
  archiveChain: /^A#SYSTEM#ARCHIVE CHAIN#/,
  archiveClosed: /^A#SYSTEM#ARCHIVE CLOSED$/,
};

export const KINDS = [...Object.keys(FORMS), 'idempotency', 'pending'].sort() as Kind[];

/** What an item is. @throws Error where no kind has such a key */
export function kindOf(item: Pick<StoredItem, 'pk' | 'sk'>): Kind {
  const key = `${item.pk} ${item.sk}`;
  // These two share a form.
  if (/^A#\d+#X#\S+ -$/.test(key)) return 'request' in item ? 'idempotency' : 'pending';
  const found = Object.entries(FORMS).find(([, form]) => form.test(key));
  if (!found) throw new Error(`No kind of item has the key ${key}`);
  return found[0] as Kind;
}
