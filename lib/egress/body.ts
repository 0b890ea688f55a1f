import { pipeline, Readable, type Transform } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Inflow } from './inflow.ts';
import type { EgressBody } from './types.ts';

interface BodyBounds {
  /** Ends the reading, of what has arrived too. */
  signal: AbortSignal;
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

/** Whether {@link boundedChunks} undoes this `content-encoding`. */
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
  /** Keeps the connection where the body, of which no more is read, ends within a moment. */
  leave(): void;
}

/** Milliseconds that a server has to end a body after its last message: many do that apart, and some never. */
const LEAVE_MS = 250;

/** What chunks are taken from: a connection, or what decodes it. */
type Source = Pick<Inflow, 'next' | 'rest' | 'abandon'>;

/**
 * A response body that is pulled as it is read, decoded when encoded, and ends in an error when more than
 * `maxBytes` arrive (counted on the wire and after decoding), or when neither server nor reader moves on for
 * `idleTimeoutMs`.
 */
export function boundedChunks(wire: Inflow, contentEncoding: string | null, bounds: BodyBounds): Chunks {
  const source = decoded(wire, contentEncoding, bounds);
  const count = counter(bounds);
  let expired: Error | undefined;
  const end = () => {
    clearTimeout(idle);
    source.abandon();
    bounds.ended();
  };
  // What has arrived holds up nobody.
  const idle = wire.isWhole
    ? undefined
    : setTimeout(() => {
        expired = bounds.late();
        end();
      }, bounds.idleTimeoutMs).unref();
  const failed = (error: unknown) => {
    end();
    return expired ?? bounds.explain(error);
  };
  const took = (chunk: Buffer) => {
    idle?.refresh();
    count(chunk.byteLength);
    return chunk;
  };
  const next = async () => {
    bounds.signal.throwIfAborted();
    const chunk = await source.next();
    return chunk && took(chunk);
  };
  return {
    async next() {
      try {
        const chunk = await next();
        if (!chunk) end();
        return chunk;
      } catch (error) {
        throw failed(error);
      }
    },
    async all() {
      try {
        bounds.signal.throwIfAborted();
        const chunks: Buffer[] = source.rest() ?? [];
        if (chunks.length > 0) for (const chunk of chunks) took(chunk);
        else for (let chunk = await next(); chunk; chunk = await next()) chunks.push(chunk);
        end();
        return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      } catch (error) {
        throw failed(error);
      }
    },
    cancel: end,
    leave() {
      if (wire.isWhole || source !== wire) return end();
      clearTimeout(idle);
      wire.discard();
      setTimeout(end, LEAVE_MS).unref();
    },
  };
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
export function toEgressBody({ next, all, cancel, leave }: Chunks): EgressBody {
  return {
    text: async () => (await all()).toString('utf8'),
    async *[Symbol.asyncIterator]() {
      try {
        for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
      } finally {
        leave();
      }
    },
    cancel,
    leave,
  };
}

function decoded(wire: Inflow, contentEncoding: string | null, bounds: BodyBounds): Source {
  const decoder = decodes(contentEncoding) && decoders[contentEncoding?.trim().toLowerCase() ?? '']?.();
  if (!decoder) return wire;
  // The decoder itself tells its reader of what went wrong.
  pipeline(Readable.from(counted(wire, counter(bounds))), decoder, () => {});
  const chunks: AsyncIterator<Buffer> = decoder[Symbol.asyncIterator]();
  return {
    next: async () => (await chunks.next()).value,
    rest: () => undefined,
    abandon() {
      decoder.destroy();
      wire.abandon();
    },
  };
}

async function* counted(wire: Inflow, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for (let chunk = await wire.next(); chunk; chunk = await wire.next()) {
    count(chunk.byteLength);
    yield chunk;
  }
}

function counter({ maxBytes, tooLarge }: BodyBounds): (bytes: number) => void {
  let total = 0;
  return bytes => {
    total += bytes;
    if (total > maxBytes) throw tooLarge();
  };
}
