import { gunzipSync } from 'node:zlib';
import { parseDigest } from '../../../lib/archive/digest.ts';
import type { AuditRecord } from '../app.ts';

/** The records of a log file. */
export function recordsIn(file: Uint8Array): AuditRecord[] {
  return JSON.parse(gunzipSync(file).toString()).Records;
}

/** All records of log files that digests name, in the order of their digests. */
export function archivedRecords(files: ReadonlyMap<string, Uint8Array>): AuditRecord[] {
  return [...files.keys()].sort().flatMap(key => {
    const digest =
      key.startsWith('AWSLogs/') && key.endsWith('.json')
        ? parseDigest(files.get(key) ?? Buffer.of())?.digest
        : undefined;
    return (digest?.logFiles ?? []).flatMap(({ s3Object }) => recordsIn(files.get(s3Object) ?? Buffer.of()));
  });
}
