import { type ApiError, invalid } from '../api/errors.ts';
import { EgressError } from '../egress/types.ts';

/** JSON Pointer of the endpoint in registrations and updates. */
export const ENDPOINT_PATH = '/serviceDetails/mcpserver/endpoint';

export type DiscoveryCode =
  /** The server could not be asked how to be let in. */
  | 'DISCOVERY_SERVER_UNREACHABLE'
  /** Neither the server nor its authorization server says how. */
  | 'DISCOVERY_NOT_OFFERED'
  /** Metadata could not be fetched, or is none. */
  | 'DISCOVERY_METADATA_INVALID'
  /** The metadata is of another resource than the endpoint. */
  | 'DISCOVERY_RESOURCE_MISMATCH'
  /** The metadata is of another issuer than was asked. */
  | 'DISCOVERY_ISSUER_MISMATCH'
  /** Without PKCE a stolen code could be used. */
  | 'DISCOVERY_PKCE_UNSUPPORTED'
  | 'CLIENT_REGISTRATION_NOT_OFFERED'
  | 'CLIENT_REGISTRATION_REFUSED'
  /** The answer is for another client, or for none. */
  | 'CLIENT_REGISTRATION_INVALID';

/** Why discovery came to nothing. Text of a server in the message is scrubbed before. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
  readonly code: DiscoveryCode;
  constructor(code: DiscoveryCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The refusal of a request that asked for discovery at `path`; an endpoint that does not answer is its own matter. */
export function discoveryRefusal({ code, message }: DiscoveryError, path: string): ApiError {
  return invalid(code === 'DISCOVERY_SERVER_UNREACHABLE' ? ENDPOINT_PATH : path, `${code}: ${message}`);
}

/** The refusal of egress somewhere in the chain of causes: its message is safe to show. */
export function egressCause(error: unknown): EgressError | undefined {
  let next = error;
  for (let depth = 0; next instanceof Error && depth < 8; depth++) {
    if (next instanceof EgressError) return next;
    next = next.cause;
  }
  return undefined;
}
