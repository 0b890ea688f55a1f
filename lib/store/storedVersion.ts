import { ApiError } from '../api/errors.ts';
import { SCHEMA_VERSION } from './keys.ts';

/** An item that a newer version of Switchboard wrote, such as before a rollback: what it means is not known here. */
export class StoredByNewerVersion extends ApiError {
  override readonly name = 'StoredByNewerVersion';
  constructor(version: unknown) {
    const message = `An item of the store has schema version ${version}, and this version of Switchboard knows those up to ${SCHEMA_VERSION}. Deploy the version that wrote it.`;
    super({ code: 'InternalServerException', message });
  }
}

/**
 * Takes a stored item of any version up to {@link SCHEMA_VERSION}; counters have none.
 * @throws StoredByNewerVersion
 */
export function understood<T>(item: T): T {
  const { v } = Object(item) as { v?: unknown };
  if (v === undefined || (typeof v === 'number' && v <= SCHEMA_VERSION)) return item;
  throw new StoredByNewerVersion(v);
}
