import type { Dispatcher } from 'undici';

/** Bytes that may arrive ahead of their reader; then the server has to wait. */
const AHEAD_BYTES = 64 * 1024;

/** A body between the connection that brings it and its reader. */
export class Inflow {
  readonly #controller: Dispatcher.DispatchController;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isWhole = false;
  #isUnwanted = false;
  #failure: { error: unknown } | undefined;
  #tell: () => void = () => {};

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  /** Whether the server has sent all of it. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Takes a chunk of the connection. */
  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#isUnwanted) {
      if (this.#bytes > AHEAD_BYTES) this.abandon();
      return;
    }
    this.#chunks.push(chunk);
    if (this.#bytes > AHEAD_BYTES) this.#controller.pause();
    this.#tell();
  }

  /** Nothing follows. */
  end(): void {
    this.#isWhole = true;
    this.#tell();
  }

  /** The connection broke: what had arrived is read first. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#tell();
  }

  /** The next chunk, `undefined` after the last one. Rejects with what the connection failed with. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#take();
      if (chunk) return chunk;
      if (this.#failure) throw this.#failure.error;
      if (this.#isWhole) return undefined;
      await new Promise<void>(resolve => {
        this.#tell = resolve;
      });
    }
  }

  /** All that is left, where nothing has to be waited for. */
  rest(): Buffer[] | undefined {
    if (!this.#isWhole) return undefined;
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Lets the server send what little is left and nobody reads, which leaves the connection to others. */
  discard(): void {
    this.#isUnwanted = true;
    this.#chunks = [];
    this.#bytes = 0;
    this.#controller.resume();
  }

  /** Ends the connection, unless all has arrived. */
  abandon(): void {
    this.#isUnwanted = true;
    this.#chunks = [];
    if (!this.#isWhole && !this.#failure) this.#controller.abort(new Error('no longer wanted'));
  }

  #take(): Buffer | undefined {
    const chunk = this.#chunks.shift();
    if (!chunk) return undefined;
    this.#bytes -= chunk.length;
    if (this.#bytes <= AHEAD_BYTES) this.#controller.resume();
    return chunk;
  }
}
