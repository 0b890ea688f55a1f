import type { Dispatcher } from 'undici';
import { Inflow } from './inflow.ts';

/** An answer whose head has arrived. */
export interface Answer {
  status: number;
  statusText: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Inflow;
}

/**
 * Sends one request and waits for the head of its answer. The signal ends both that and the body, also while no
 * connection stands, and its reason is what either fails with.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    dispatcher.dispatch(request, new Exchange(signal, resolve, reject));
  });
}

/** What undici tells of one request. Its own `request()` costs as much again: a stream for each answer, most of all. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: Inflow | undefined;

  constructor(signal: AbortSignal, resolve: (answer: Answer) => void, reject: (error: unknown) => void) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener('abort', this, { once: true });
  }

  /** Of the signal: an object costs no closure. */
  handleEvent(): void {
    const { reason } = this.#signal;
    this.#reject(reason);
    this.#body?.fail(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It may have waited for a connection.
    if (this.#signal.aborted) controller.abort(this.#signal.reason);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer['headers'],
    statusText = '',
  ): void {
    // Informational: the answer is still to come (RFC 9110, section 15.2).
    if (status < 200) return;
    this.#body = new Inflow(controller);
    this.#resolve({ status, statusText, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#letGo();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#letGo();
    this.#reject(error);
    this.#body?.fail(error);
  }

  #letGo(): void {
    this.#signal.removeEventListener('abort', this);
  }
}
