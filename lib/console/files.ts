import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The Content-Type of a file of the built console, by its name. */
export function contentTypeOf(name: string): string {
  return TYPES[extname(name)] ?? 'application/octet-stream';
}

/** Cache-Control of files whose names hold a hash of what is in them, and of those that are asked for each time. */
export const CACHING = { asset: 'public, max-age=31536000, immutable', page: 'no-cache' } as const;
