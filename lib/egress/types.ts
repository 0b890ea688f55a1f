/** How far an outbound request got. */
export type EgressPhase = 'url' | 'resolve' | 'connect' | 'tls' | 'request' | 'response';

export type EgressErrorCode =
  | 'URL_INVALID'
  | 'INSECURE_HTTP_REFUSED'
  | 'OWN_HOST_REFUSED'
  | 'NAME_NOT_RESOLVED'
  | 'ADDRESS_REFUSED'
  | 'CONNECT_FAILED'
  | 'TLS_FAILED'
  | 'TIMED_OUT'
  | 'REDIRECT_REFUSED'
  | 'TOO_MANY_REDIRECTS'
  | 'RESPONSE_TOO_LARGE'
  | 'HEADERS_TOO_LARGE'
  | 'CONNECTION_LOST'
  | 'LOOP_DETECTED';

/** A refused or failed outbound request. The message is safe to show: no header, body or credential is in it. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  readonly phase: EgressPhase;
  constructor(code: EgressErrorCode, phase: EgressPhase, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.phase = phase;
  }
}

export interface EgressConfig {
  /** CIDR ranges, beyond the public internet, that may be reached (`ALLOWED_PRIVATE_CIDRS`). */
  allowedPrivateCidrs: readonly string[];
  /** Lets `http://` through, only to addresses inside `allowedPrivateCidrs` (`ALLOW_INSECURE_HTTP`). */
  allowInsecureHttp: boolean;
  /** Extra PEM roots beside the system's (`EGRESS_CA_FILE`'s content). */
  extraCaPem?: string;
  /** `host[:port]` of this deployment: refused as endpoints. */
  ownHosts: readonly string[];
  /** Name resolution; the system's when left out. */
  lookup?: (hostname: string) => Promise<{ address: string; family: 4 | 6 }[]>;
}

export interface EgressOptions {
  /** Connection pools never cross accounts. */
  accountId: string;
  /** `none`: any redirect is refused (token endpoints). `same-origin`: 307/308 to the same origin, at most 3 (MCP). */
  redirects: 'none' | 'same-origin';
  /** Bytes of one response body. */
  maxResponseBytes: number;
  /** Milliseconds until response headers must have arrived. */
  headersTimeoutMs: number;
  /** Milliseconds that a body may stand still; 5 minutes when left out. */
  bodyIdleTimeoutMs?: number;
  /** Header names that carry credentials, lower case, beside `authorization`. */
  credentialHeaders?: readonly string[];
  /** Told when a phase of a request on a new connection ends well, with its duration in milliseconds. */
  onPhase?: (phase: EgressPhase, durationMs: number) => void;
  /** Ends every request made through this door. */
  signal?: AbortSignal;
}

/** Of those options, what a request takes that brings its own signal. */
export type SendOptions = Omit<EgressOptions, 'headersTimeoutMs' | 'signal'>;

/** A request as it shall leave: names of headers in lower case, the body at hand. */
export interface EgressRequest {
  /** As it was given: a URL object would hide a form that egress refuses. */
  url: string;
  method: 'POST' | 'GET' | 'DELETE';
  headers: Readonly<Record<string, string>>;
  body: string | null;
  /** Ends the request, and the reading of its answer: whoever sends it keeps the time. */
  signal: AbortSignal;
}

/** An answer whose head has arrived. */
export interface EgressAnswer {
  status: number;
  /** Names in lower case; values that came more than once are joined by a comma. */
  headers: Readonly<Record<string, string>>;
  body: EgressBody;
}

/**
 * The body of an answer: pulled as it is read, decoded, under the bounds of its request. Read it, or cancel it. Whoever stops
 * reading before its end leaves its connection to others where that end is near.
 */
export interface EgressBody extends AsyncIterable<Uint8Array> {
  /** All of it as UTF-8. */
  text(): Promise<string>;
  /** Lets go of the connection. */
  cancel(): void;
  /** Reads no more, and keeps the connection for others where the end is near. */
  leave(): void;
}

/** The only way out to a host that a user or a server named. */
export interface Egress {
  /**
   * One request and the head of its answer, for those who forward many: what `fetchFor` does, without the objects of
   * the Fetch standard, and without a clock of its own until the headers arrive. Rejects with {@link EgressError} or the caller's abort reason.
   */
  send(options: SendOptions, request: EgressRequest): Promise<EgressAnswer>;
  /** A `fetch` bound to one account and purpose; rejects with {@link EgressError} or the caller's abort reason. */
  fetchFor(options: EgressOptions): typeof fetch;
  /** Closes every pooled connection. */
  close(): Promise<void>;
}
