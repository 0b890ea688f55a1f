import { fingerprintOf } from './digest.ts';
import { ACCOUNTS_ROOT, ALL_ACCOUNTS, DIGEST_FOLDER, LOG_FOLDER, type Place, ROOT } from './names.ts';
import { verifyChain } from './verifyChain.ts';
import {
  type ArchiveReader,
  foldersIn,
  type Run,
  Tampered,
  type Verified,
  type VerifyRequest,
} from './verifyRun.ts';

/**
 * Proves that nothing of the hours asked for was changed, removed, inserted or reordered: each hour of a chain has its
 * digest, signed and chained to the one before; each file is as its digest says; and there is no other file.
 */
export async function verifyArchive(archive: ArchiveReader, request: VerifyRequest): Promise<Verified> {
  const keys = new Map(request.publicKeys.map(pem => [fingerprintOf(pem), pem]));
  const found: Verified = { chains: [], digests: 0, logFiles: 0, events: 0 };
  const run: Run = { archive, request, keys, found };
  if (request.first !== undefined && request.first > request.last) {
    throw new RangeError('There is no hour to verify: the range ends before it begins.');
  }
  try {
    for (const place of await placesOf(run)) await verifyChain(run, place);
    for (const place of await accountsPlaces(run)) await verifyChain(run, place);
  } catch (error) {
    if (!(error instanceof Tampered)) throw error;
    found.problem = { file: error.file, reason: error.message };
  }
  return found;
}

/** The chains that say which accounts there are; of no use to whoever has, or asks for, some of them. */
async function accountsPlaces({ archive, request }: Run): Promise<Place[]> {
  if (request.accounts) return [];
  const regions = await foldersIn(archive, `${ACCOUNTS_ROOT}/`);
  if (regions.length === 0) throw new Tampered(`${ACCOUNTS_ROOT}/`, 'There is no digest of all accounts.');
  return regions.map(region => ({ accountId: ALL_ACCOUNTS, region }));
}

/** The chains there are, by account and region. */
async function placesOf({ archive, request }: Run): Promise<Place[]> {
  const places: Place[] = [];
  const accounts = (await foldersIn(archive, `${ROOT}/`)).filter(
    accountId => request.accounts?.includes(accountId) ?? true,
  );
  for (const accountId of accounts) {
    const folder = `${ROOT}/${accountId}/`;
    const kinds = await foldersIn(archive, folder);
    const strange = kinds.find(kind => kind !== LOG_FOLDER && kind !== DIGEST_FOLDER);
    if (strange !== undefined)
      throw new Tampered(`${folder}${strange}/`, 'Switchboard makes no such folder.');
    const regions = new Set<string>();
    for (const kind of kinds)
      for (const region of await foldersIn(archive, `${folder}${kind}/`)) regions.add(region);
    for (const region of [...regions].sort()) places.push({ accountId, region });
  }
  const missing = request.accounts?.find(account => !places.some(({ accountId }) => accountId === account));
  if (missing !== undefined) throw new Tampered(`${ROOT}/${missing}/`, 'There is nothing of this account.');
  if (places.length === 0) throw new Tampered(`${ROOT}/`, 'There is no archive.');
  return places;
}
