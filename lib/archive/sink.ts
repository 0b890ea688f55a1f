/**
 * Where an archive is kept: S3, or a folder. Keys are as in S3, with slashes. Files are never changed and never
 * removed by Switchboard.
 */
export interface ArchiveSink {
  /**
   * Stores a file, whole and lasting when it resolves, unless there is one of that key (S3: `If-None-Match: *`).
   * Answers whether it did.
   */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** The file, or nothing where there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** The keys that begin with a prefix, which ends in a slash, sorted. */
  list(prefix: string): Promise<string[]>;
}
