import { RPC, RpcError } from './rpc.ts';

/** A request that is refused before it is looked at as MCP: an HTTP status, and JSON-RPC's words for it in the body. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly status: number;
  readonly error: RpcError;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, error: RpcError, headers: Readonly<Record<string, string>> = {}) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

/** A refusal with a stable `data.code`. */
export function refuse(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GatewayRefusal {
  return new GatewayRefusal(status, new RpcError(RPC.GATEWAY, message, { code }), headers);
}

/**
 * The one answer to every caller who cannot be let in (RFC 6750, section 3): which part is wrong is said in the trail
 * only.
 */
export function unauthorized(): GatewayRefusal {
  return refuse(401, 'UNAUTHORIZED', 'Send a valid access token of this agent space, or a signed request.', {
    'www-authenticate': 'Bearer realm="switchboard", error="invalid_token"',
  });
}
