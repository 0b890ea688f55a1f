import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHING, contentTypeOf } from '../../lib/console/files.ts';

/** An object of the bucket. */
export interface ReleaseFile {
  key: string;
  bytes: Uint8Array;
  contentType: string;
  cacheControl: string;
}

/**
 * The files of a built console in the order in which they are uploaded: scripts and styles, the settings, and last the
 * page, which is what makes a browser ask for the others.
 * @throws Error where the console was not built
 */
export function releaseOf(folder: string, config: string): ReleaseFile[] {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) throw new Error(`${folder} holds no built console: run npm run build first.`);
  const assets = readdirSync(join(folder, 'assets')).sort();
  return [
    ...assets.map(name => file(`assets/${name}`, readFileSync(join(folder, 'assets', name)), CACHING.asset)),
    file('config.json', Buffer.from(config), CACHING.page),
    file('index.html', readFileSync(index), CACHING.page),
  ];
}

function file(name: string, bytes: Uint8Array, cacheControl: string): ReleaseFile {
  return { key: `console/${name}`, bytes, contentType: contentTypeOf(name), cacheControl };
}
