import type { Credentials } from './credentials.ts';
import { answeredError, jsonObject, networkError, strangeAnswer } from './errors.ts';
import { layOut } from './layOut.ts';
import type { CallOptions, OperationRow } from './operation.ts';
import { retrying } from './retry.ts';
import { type SigningScope, signedHeaders, type ToSign } from './sign.ts';

/** What all calls of a client share. */
export interface Connection extends SigningScope {
  baseUrl: string;
  credentials: () => Promise<Credentials>;
  fetch: typeof globalThis.fetch;
  maxAttempts: number;
  userAgent: string | undefined;
}

/**
 * Calls an operation and answers with its parsed output. It is tried again only where a second time does no harm:
 * what reads, and what carries an idempotency token.
 * @throws SwitchboardError; the signal's reason when it was aborted
 */
export async function call(
  connection: Connection,
  row: OperationRow,
  input: object,
  { signal }: CallOptions,
): Promise<Record<string, unknown> | undefined> {
  const { method, pathAndQuery, body } = layOut(row, withToken(row, input));
  const request: ToSign = {
    method,
    url: connection.baseUrl + pathAndQuery,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(connection.userAgent && { 'user-agent': connection.userAgent }),
    },
    ...(body && { body }),
  };
  const safe = row.readOnly || row.idempotencyToken;
  return retrying(() => attempt(connection, request, signal), {
    maxAttempts: safe ? connection.maxAttempts : 1,
    signal,
  });
}

/** The same token in every attempt; the caller's own, when there is one. */
function withToken({ idempotencyToken }: OperationRow, input: object): object {
  if (!idempotencyToken) return input;
  const given = new Map(Object.entries(input)).get(idempotencyToken);
  // Not crypto.randomUUID: pages on plain HTTP do not have it, and are told so when the request is signed.
  return given === undefined ? { ...input, [idempotencyToken]: randomToken() } : input;
}

function randomToken(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

async function attempt(
  connection: Connection,
  request: ToSign,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown> | undefined> {
  signal?.throwIfAborted();
  const headers = await signedHeaders(request, await connection.credentials(), connection);
  const { response, text } = await exchange(connection.fetch, request, headers, signal);
  if (!response.ok) throw answeredError(response, text);
  if (response.status === 204) return undefined;
  const output = jsonObject(text);
  if (output) return output;
  throw strangeAnswer(response, `What answers at ${connection.baseUrl} does not speak this API.`);
}

async function exchange(
  fetch: Connection['fetch'],
  { url, method, body }: ToSign,
  headers: Headers,
  signal: AbortSignal | undefined,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body && { body }),
      ...(signal && { signal }),
      // The signature is the only credential, and a request with secrets goes nowhere but here.
      credentials: 'omit',
      redirect: 'error',
    });
    return { response, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    throw networkError(url, error);
  }
}
