import { generateKeyPairSync, sign } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DigestSigner } from '../../../lib/archive/digest.ts';
import { sha256 } from '../../../lib/archive/digest.ts';
import type { ArchiveSink } from '../../../lib/archive/sink.ts';
import type { ArchivedEvent } from '../../../lib/archive/source.ts';
import type { ArchiveReader } from '../../../lib/archive/verifyRun.ts';

export interface MemoryArchive extends ArchiveSink, ArchiveReader {
  files: Map<string, Uint8Array>;
}

/** An archive in memory. `before` comes before each file that is created, and may throw. */
export function memoryArchive(
  files = new Map<string, Uint8Array>(),
  before: (key: string) => void = () => {},
): MemoryArchive {
  return {
    files,
    async create(key, bytes) {
      before(key);
      // Others have their turn, as with a real one.
      await setImmediate();
      if (files.has(key)) return false;
      files.set(key, bytes);
      return true;
    },
    read: async key => files.get(key),
    async hash(key) {
      const bytes = files.get(key);
      return bytes && sha256(bytes);
    },
    list: async prefix => [...files.keys()].filter(key => key.startsWith(prefix)).sort(),
    async entries(folder) {
      const names = new Set<string>();
      for (const key of files.keys()) {
        if (!key.startsWith(folder)) continue;
        const [name = '', ...rest] = key.slice(folder.length).split('/');
        names.add(rest.length > 0 ? `${name}/` : name);
      }
      return [...names].sort();
    },
  };
}

/** A key of the kind that KMS has. */
export function testSigner(kind: 'ec' | 'rsa' = 'ec'): DigestSigner {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    algorithm: kind === 'ec' ? 'ECDSA_SHA_256' : 'RSASSA_PKCS1_V1_5_SHA_256',
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: async message => sign('sha256', message, privateKey),
  };
}

/** Some events of an hour; their ids begin with a name. */
export function someEvents(hour: string, name: string, count: number): ArchivedEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const second = String(n % 60).padStart(2, '0');
    const [id, time] = [`${name}-${n}`, `${hour}:${second}:00Z`];
    return {
      id,
      time,
      json: JSON.stringify({ eventID: id, eventTime: time, eventName: 'CreateAgentSpace' }),
    };
  });
}

export async function* asStream(events: readonly ArchivedEvent[]): AsyncGenerator<ArchivedEvent> {
  yield* events;
}
