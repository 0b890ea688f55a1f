import { failure, type McpError } from './mcpError.ts';
import type { ValidationCode, ValidationStep } from './types.ts';

const CODE_OF_STEP: Readonly<Record<ValidationStep, ValidationCode>> = {
  url: 'ENDPOINT_URL_INVALID',
  address: 'ENDPOINT_UNREACHABLE',
  tls: 'TLS_FAILED',
  http: 'HTTP_NO_ANSWER',
  transport: 'TRANSPORT_NOT_MCP',
  credential: 'CREDENTIAL_REJECTED',
  handshake: 'HANDSHAKE_FAILED',
  tools: 'TOOLS_LIST_FAILED',
};

/** An error of ours that nobody foresaw, told as a failure of the step it happened in, without its words. */
export function unexpected(step: ValidationStep = 'tools'): McpError {
  return failure(CODE_OF_STEP[step], 'The check could not be made.');
}
