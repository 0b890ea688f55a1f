import { type Hour, hourAt, startOf } from './hours.ts';

/** Whose archive: there is one chain of digests for each account and region, and one of all accounts. */
export interface Place {
  accountId: string;
  region: string;
}

/** `m`: management events, which changed or asked something; `d`: data events, calls of tools. */
export type Category = 'm' | 'd';

/** What a log file's name says. */
export interface LogFileName extends Place {
  /** When its events happened. */
  eventHour: Hour;
  /** With which hour it was archived: a later one for events that were written late. */
  closedHour: Hour;
  category: Category;
  part: number;
}

export const ROOT = 'AWSLogs';
/** Beside it: digests that name the digests of all accounts, so that no account can be taken out whole. */
export const ACCOUNTS_ROOT = 'Switchboard-Accounts';
/** In the place of an account: all of them. */
export const ALL_ACCOUNTS = 'all';
export const LOG_FOLDER = 'Switchboard';
export const DIGEST_FOLDER = 'Switchboard-Digest';

const LOG_NAME = /^(\d{12})_Switchboard_([a-z0-9-]+)_(\d{8}T\d{2})00Z_(\d{10})([md])(\d{5})\.json\.gz$/;
const DIGEST_NAME = /^(\d{12}|all)_Switchboard-Digest_([a-z0-9-]+)_(\d{8}T\d{2})0000Z\.json$/;

/** The key of a log file: CloudTrail's layout, and a last part that follows from what is in it. */
export function logFileKey(name: LogFileName): string {
  const { accountId, region, eventHour, closedHour, category, part } = name;
  const closed = compact(closedHour).replace('T', '');
  const unique = `${closed}${category}${String(part).padStart(5, '0')}`;
  const file = `${accountId}_Switchboard_${region}_${compact(eventHour)}00Z_${unique}.json.gz`;
  return `${dayFolder(LOG_FOLDER, name, eventHour)}${file}`;
}

/** The key of the digest of one hour; like CloudTrail's, it lies where the hour begins. */
export function digestKey(place: Place, hour: Hour): string {
  const { accountId, region } = place;
  const file = `${accountId}_Switchboard-Digest_${region}_${compact(hour)}0000Z.json`;
  return `${dayFolder(DIGEST_FOLDER, place, hour)}${file}`;
}

/** Where the files of a place are, in folders of years, months and days; ends in a slash. */
export function placeFolder(kind: string, { accountId, region }: Place): string {
  return accountId === ALL_ACCOUNTS
    ? `${ACCOUNTS_ROOT}/${region}/`
    : `${ROOT}/${accountId}/${kind}/${region}/`;
}

/** Where the files of an hour's day are; ends in a slash. */
export function dayFolder(kind: string, place: Place, hour: Hour): string {
  return `${placeFolder(kind, place)}${hour.slice(0, 10).replaceAll('-', '/')}/`;
}

/** What a log file's key says; nothing unless it is exactly a key that {@link logFileKey} makes. */
export function parseLogFileKey(key: string): LogFileName | undefined {
  const found = LOG_NAME.exec(baseName(key));
  if (!found) return undefined;
  const [, accountId = '', region = '', event = '', closed = '', category, part] = found;
  const eventHour = spelt(event);
  const closedHour = spelt(`${closed.slice(0, 8)}T${closed.slice(8)}`);
  if (!eventHour || !closedHour) return undefined;
  const name = {
    ...{ accountId, region, eventHour, closedHour },
    category: category as Category,
    part: Number(part),
  };
  return logFileKey(name) === key ? name : undefined;
}

/** The same of a digest's key. */
export function parseDigestKey(key: string): (Place & { hour: Hour }) | undefined {
  const found = DIGEST_NAME.exec(baseName(key));
  const [, accountId = '', region = '', at = ''] = found ?? [];
  const hour = found ? spelt(at) : undefined;
  if (!hour || digestKey({ accountId, region }, hour) !== key) return undefined;
  return { accountId, region, hour };
}

function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** `2026-11-25T12` as `20261125T12`. */
function compact(hour: Hour): string {
  return hour.replaceAll('-', '');
}

function spelt(text: string): Hour | undefined {
  const hour = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  try {
    return hourAt(startOf(hour)) === hour ? hour : undefined;
  } catch {
    return undefined;
  }
}
