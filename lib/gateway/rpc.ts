/** What a JSON-RPC request is answered by (JSON-RPC 2.0, section 4). */
export type RpcId = string | number;

/** A JSON-RPC error (JSON-RPC 2.0, section 5.1; MCP keeps -32000 to -32099 for implementations). */
export const RPC = {
  PARSE_ERROR: -32_700,
  INVALID_REQUEST: -32_600,
  METHOD_NOT_FOUND: -32_601,
  INVALID_PARAMS: -32_602,
  INTERNAL_ERROR: -32_603,
  /** 2026-07-28: headers and body disagree. */
  HEADER_MISMATCH: -32_020,
  /** What this gateway reports of itself and of servers; `data.code` says what it is. */
  GATEWAY: -32_000,
} as const;

/** An error as it goes over the wire: its message is safe to show. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  constructor(code: number, message: string, data?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export function errorMessage(id: RpcId | null, { code, message, data }: RpcError): object {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } };
}

/** Whether a value is a JSON object. A number that kept its digits (`JSON.rawJSON`) is none. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/** Not yet among TypeScript's types. */
const isRawJson = (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON;

/** The id of a request, when it has one that can be answered. */
export function idOf(message: unknown): RpcId | null {
  if (!isObject(message) || typeof message.method !== 'string') return null;
  const { id } = message;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
