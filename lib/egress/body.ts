import { pipeline, type Readable, Transform } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { EgressBody } from './types.ts';

interface BodyBounds {
  maxBytes: number;
  idleTimeoutMs: number;
  tooLarge: () => Error;
  late: () => Error;
  /** Turns what the stream failed with into what the reader sees. */
  explain: (error: unknown) => unknown;
  /** Called once, however the body ends. */
  ended: () => void;
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Whether {@link boundedBody} undoes this `content-encoding`. */
export function decodes(contentEncoding: string | null): boolean {
  return contentEncoding !== null && contentEncoding.trim().toLowerCase() in decoders;
}

/** A body under its bounds: read either way, or cancelled. */
export interface Chunks {
  /** One chunk at a time, pulled from the server. */
  next(): Promise<Buffer | undefined>;
  /** Everything, as fast as it comes. */
  all(): Promise<Buffer>;
  /** Lets go of the connection. */
  cancel(): void;
}

/**
 * A response body that is pulled as it is read, decoded when encoded, and ends in an error when more than
 * `maxBytes` arrive (counted on the wire and after decoding), or when neither server nor reader moves on for
 * `idleTimeoutMs`.
 */
export function boundedChunks(wire: Readable, contentEncoding: string | null, bounds: BodyBounds): Chunks {
  const source = decoded(wire, contentEncoding, bounds);
  let chunks: AsyncIterator<Buffer> | undefined;
  const count = counter(bounds);
  // A stream that fails while nobody reads must not end the process.
  for (const stream of [source, wire]) stream.on('error', () => {});
  let expired: Error | undefined;
  const end = () => {
    clearTimeout(idle);
    for (const stream of [source, wire]) stream.destroy();
    bounds.ended();
  };
  const idle = setTimeout(() => {
    expired = bounds.late();
    end();
  }, bounds.idleTimeoutMs).unref();
  const failed = (error: unknown) => {
    end();
    return expired ?? bounds.explain(error);
  };
  const took = (chunk: Buffer) => {
    idle.refresh();
    count(chunk.byteLength);
    return chunk;
  };
  return {
    async next() {
      try {
        chunks ??= source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
        const { done, value } = await chunks.next();
        if (!done) return took(value);
        end();
        return undefined;
      } catch (error) {
        throw failed(error);
      }
    },
    async all() {
      try {
        const all = await collected(source, took);
        end();
        return all;
      } catch (error) {
        throw failed(error);
      }
    },
    cancel: end,
  };
}

/** By events, which cost a tenth of an iterator. */
function collected(source: Readable, took: (chunk: Buffer) => Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    source.on('data', (chunk: Buffer) => {
      try {
        chunks.push(took(chunk));
      } catch (error) {
        reject(error);
      }
    });
    source.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    source.on('error', reject);
    source.on('close', () => {
      // Errors cost: there is none after every body.
      if (!source.readableEnded) reject(new Error('closed before its end'));
    });
  });
}

/** {@link boundedChunks} as the Fetch standard has it. */
export function toReadableStream({ next, cancel }: Chunks): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const chunk = await next();
        if (chunk) return controller.enqueue(new Uint8Array(chunk));
        // undici frees a connection one turn after the last byte; a reader's next request should find it free.
        await nextTurn();
        controller.close();
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
}

/** {@link boundedChunks} for those who forward. */
export function toEgressBody({ next, all, cancel }: Chunks): EgressBody {
  return {
    text: async () => (await all()).toString('utf8'),
    async *[Symbol.asyncIterator]() {
      try {
        for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
      } finally {
        cancel();
      }
    },
    cancel,
  };
}

function decoded(wire: Readable, contentEncoding: string | null, bounds: BodyBounds): Readable {
  const decoder = decodes(contentEncoding) && decoders[contentEncoding?.trim().toLowerCase() ?? '']?.();
  if (!decoder) return wire;
  const count = counter(bounds);
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        count(chunk.byteLength);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  return pipeline(wire, counting, decoder, () => {});
}

function counter({ maxBytes, tooLarge }: BodyBounds): (bytes: number) => void {
  let total = 0;
  return bytes => {
    total += bytes;
    if (total > maxBytes) throw tooLarge();
  };
}
