import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { StoredItem } from '../support/table.ts';

/** A secret that is found nowhere else. */
export interface Canary {
  what: string;
  /** Changed by URL-encoding, JSON, HTML and both kinds of base64 alike. */
  value: string;
  /** The part of it that plain, URL-encoded and JSON-escaped spellings share. */
  core: string;
}

/** A canary whose core is letters and digits. */
export function canary(what: string, core: string): Canary {
  return { what, core, value: `k"~?>${core}\\/+&=%z~~` };
}

/** A secret that something else made, such as a key in a file. */
export function knownSecret(what: string, value: string): Canary {
  return { what, value, core: value };
}

/** What a text in any spelling of a canary must contain: plain, URL, JSON, base64 at each alignment, hex. */
export function formsOf({ core }: Canary): string[] {
  const bytes = Buffer.from(core);
  const base64 = [0, 1, 2].map(shift => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const base64url = base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  return [core, ...base64, ...base64url, hex, hex.toUpperCase()];
}

/** Which canaries a place holds. */
export function leaksIn(place: string, content: string | Buffer, canaries: readonly Canary[]): string[] {
  return canaries.flatMap(one =>
    formsOf(one).some(form => content.includes(form)) ? [`${one.what} in ${place}`] : [],
  );
}

/** Each file below a folder, as its bytes. */
export function filesIn(folder: string): { place: string; content: Buffer }[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [{ place: name, content: readFileSync(path) }];
  });
}

/** Each item of a table as text; what is compressed inside it, too. */
export function itemTexts(items: readonly StoredItem[]): { place: string; content: string }[] {
  return items.map(item => ({
    place: `item ${item.pk} ${item.sk}`,
    content: JSON.stringify(item, (_, value) => (value instanceof Uint8Array ? unpacked(value) : value)),
  }));
}

function unpacked(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes).toString();
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** A secret in the spellings that a server may send it back in. */
export function spelled(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    Buffer.from(`key=${secret}`).toString('base64'),
    Buffer.from(`u:${secret}`).toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
}
