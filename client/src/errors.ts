import type { ErrorName } from './generated/operations.ts';

/** One fault of a request: a JSON Pointer (RFC 6901) to the member, and what is wrong with it. */
export interface FieldError {
  path: string;
  message: string;
}

/**
 * What the client itself reports: no answer came (`NetworkError`), one came that is not of this API
 * (`InvalidResponse`), or this page may not sign (`CryptoUnavailable`).
 */
export type ClientErrorName = 'NetworkError' | 'InvalidResponse' | 'CryptoUnavailable';

interface Facts {
  name: string;
  message: string;
  status?: number;
  fieldList?: readonly FieldError[];
  requestId?: string | undefined;
  retryable?: boolean;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/** Why a call failed. An aborted call throws its signal's reason instead. */
export class SwitchboardError extends Error {
  /** The error's code, such as `ConflictException`. Other names come from what lies in between, such as gateways. */
  override readonly name: ErrorName | ClientErrorName | (string & {});
  /** HTTP status; 0 when the server did not answer. */
  readonly status: number;
  /** What is wrong with which member; empty unless the server named members. */
  readonly fieldList: readonly FieldError[];
  /** Quote it when you ask; it is the `requestID` of the audit event. */
  readonly requestId: string | undefined;
  /** Whether the cause may pass by itself. A change may nevertheless have happened: look before you repeat it. */
  readonly retryable: boolean;
  /** How long the server asks to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(facts: Facts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = facts.name;
    this.status = facts.status ?? 0;
    this.fieldList = facts.fieldList ?? [];
    this.requestId = facts.requestId;
    this.retryable = facts.retryable ?? false;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** The error that an answer other than a success tells of; `text` is its body. */
export function answeredError({ status, headers }: Response, text: string): SwitchboardError {
  const body = jsonObject(text) ?? {};
  const name = plainName(headers.get('x-amzn-errortype') ?? textOf(body.__type)) ?? `Http${status}`;
  return new SwitchboardError({
    name,
    // A body of unknown make, such as a proxy's page, stays out of messages.
    message: textOf(body.message ?? body.Message) ?? `The server answered with HTTP status ${status}.`,
    status,
    fieldList: Array.isArray(body.fieldList) ? body.fieldList.filter(isFieldError) : [],
    requestId: headers.get('x-amzn-requestid') ?? undefined,
    retryable: RETRYABLE.includes(status),
    retryAfterSeconds: secondsOf(headers.get('retry-after')),
  });
}

/** Throttled, failed, or not there for the moment: what the AWS SDKs call throttling and transient errors. */
const RETRYABLE: readonly number[] = [429, 500, 502, 503, 504];

/** The error behind a `fetch` that was rejected, whatever the platform says of its cause. */
export function networkError(url: string, cause: unknown): SwitchboardError {
  const message = `No answer came from ${new URL(url).origin}. Check the address and the network; in a browser also that the server allows this page's origin.`;
  return new SwitchboardError({ name: 'NetworkError', message, retryable: true, cause });
}

/** A success that is not of this API: `baseUrl` leads elsewhere, or something in between answered. */
export function strangeAnswer({ status, headers }: Response, message: string): SwitchboardError {
  const requestId = headers.get('x-amzn-requestid') ?? undefined;
  return new SwitchboardError({ name: 'InvalidResponse', message, status, requestId });
}

/** The object that a text holds as JSON; nothing for anything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** API Gateway writes `Name:http://…`, older protocols `namespace#Name`. */
function plainName(name: string | undefined): string | undefined {
  return name?.split(':')[0]?.split('#').pop() || undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isFieldError(value: unknown): value is FieldError {
  if (typeof value !== 'object' || value === null) return false;
  const { path, message } = value as Partial<FieldError>;
  return typeof path === 'string' && typeof message === 'string';
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
