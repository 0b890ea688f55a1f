/**
 * Every key of the single table. `a` is the account: each partition key begins with it, so no query can
 * cross accounts. `A#SYSTEM#…` holds the deployment's own work lists. docs/storage-schema.md describes the items.
 */
export interface Key {
  pk: string;
  sk: string;
}

const key = (pk: string, sk: string): Key => ({ pk, sk });

/** Shards of a service's use count: concurrent associations rarely meet on one item. */
export const USE_SHARDS = 8;
/** Partitions that share a month's events of one kind. */
export const AUDIT_SHARDS = 2;

export const keys = {
  services: (a: string) => `A#${a}#SVC`,
  service: (a: string, id: string) => key(`A#${a}#SVC`, `${serviceTypeOf(id)}#${id}`),
  serviceName: (a: string, name: string) => key(`A#${a}#NAME#${name.toLowerCase()}`, '-'),
  serviceParts: (a: string, id: string) => `A#${a}#S#${id}`,
  useCount: (a: string, id: string, shard: number) => key(`A#${a}#S#${id}`, `USE#${shard}`),
  credential: (a: string, id: string) => key(`A#${a}#S#${id}`, 'CRED'),
  token: (a: string, id: string) => key(`A#${a}#S#${id}`, 'TOK'),
  lease: (a: string, id: string) => key(`A#${a}#S#${id}`, 'LEASE'),
  catalogue: (a: string, id: string, chunk: number) => key(`A#${a}#S#${id}`, `CAT#${chunk}`),
  usedBy: (a: string, id: string, space: string) => key(`A#${a}#S#${id}`, `SPACE#${space}`),

  spaces: (a: string) => `A#${a}#SPC`,
  space: (a: string, space: string) => key(`A#${a}#SPC`, space),
  spaceParts: (a: string, space: string) => `A#${a}#P#${space}`,
  association: (a: string, space: string, id: string) =>
    key(`A#${a}#P#${space}`, `ASC#${serviceTypeOf(id)}#${id}`),
  pinned: (a: string, space: string, id: string, chunk: number) =>
    key(`A#${a}#P#${space}`, `PIN#${id}#${chunk}`),
  namePrefix: (a: string, space: string, prefix: string) => key(`A#${a}#P#${space}`, `NAM#${prefix}`),
  accessTokenCopy: (a: string, space: string, id: string) => key(`A#${a}#P#${space}`, `TOK#${id}`),
  accessTokenPlaces: (a: string, space: string) => key(`A#${a}#P#${space}`, 'TOKENS'),
  accessToken: (a: string, id: string) => key(`A#${a}#T#${id}`, '-'),
  accessTokenUse: (a: string, id: string) => key(`A#${a}#T#${id}`, 'USED'),

  invocationDays: (a: string, space: string) => `A#${a}#P#${space}#INV`,
  invocationDay: (a: string, space: string, day: string) => key(`A#${a}#P#${space}#INV`, day),
  callCounts: (a: string, space: string) => `A#${a}#P#${space}#CNT`,
  callCount: (a: string, space: string, hour: string, service: string, id: string) =>
    key(`A#${a}#P#${space}#CNT`, `${hour}#${service}#${id}`),
  invocations: (a: string, space: string, day: string, at: string) => key(`A#${a}#P#${space}#INV#${day}`, at),

  count: (a: string, what: 'SVC' | 'SPC') => key(`A#${a}#COUNT`, what),
  validations: (a: string, minute: number) => key(`A#${a}#RATE#VALIDATE`, String(minute)),
  validation: (a: string, id: string) => key(`A#${a}#VAL#${id}`, '-'),
  idempotency: (a: string, hash: string) => key(`A#${a}#X#${hash}`, '-'),
  pending: (a: string, hash: string) => key(`A#${a}#X#${hash}`, '-'),
  oauthClient: (a: string, hash: string) => key(`A#${a}#OAC#${hash}`, '-'),
  registeredClient: (a: string, hash: string, id: string) => key(`A#${a}#OAC#${hash}`, `C#${id}`),
  clientRegistrations: (a: string, hour: number) => key(`A#${a}#RATE#CLIENT`, String(hour)),

  event: (a: string, month: string, kind: 'R' | 'W', shard: number, at: string) =>
    key(`A#${a}#AUD#${month}#${kind}${shard}`, at),
  eventReference: (a: string, month: string, resourceType: string, at: string) =>
    key(`A#${a}#AUR#${month}#${resourceType}`, at),

  deletions: () => 'A#SYSTEM#DELETIONS',
  deletion: (a: string, space: string) => key('A#SYSTEM#DELETIONS', `${a}#${space}`),
  clientLooks: () => 'A#SYSTEM#CLIENTS',
  clientLook: (at: string, id: string) => key('A#SYSTEM#CLIENTS', `${at}#${id}`),
  healthChecks: () => 'A#SYSTEM#HEALTH',
  healthCheck: (at: string, id: string) => key('A#SYSTEM#HEALTH', `${at}#${id}`),

  archiveMarks: () => 'A#SYSTEM#HOURS',
  archiveMark: (writeHour: string, a: string, eventHour: string, space: string) =>
    key('A#SYSTEM#HOURS', `${writeHour}#${a}#${eventHour}#${space}`),
  archiveChains: () => 'A#SYSTEM#ARCHIVE',
  archiveChain: (a: string) => key('A#SYSTEM#ARCHIVE', `CHAIN#${a}`),
  archiveClosed: () => key('A#SYSTEM#ARCHIVE', 'CLOSED'),
};

/** Ids of services and associations begin with their type, so that an id alone makes a key. */
export function serviceTypeOf(id: string): string {
  const end = id.indexOf('-');
  return end < 0 ? '' : id.slice(0, end);
}

/** Schema version that every item carries as `v`. */
export const SCHEMA_VERSION = 1;
