import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import { CLIENT_INFO } from '../../mcp/clientInfo.ts';
import { failure } from '../../mcp/mcpError.ts';
import { type Aside, resultOf } from './answer.ts';
import { asideOf } from './aside.ts';
import { MESSAGE_HEADERS, request } from './post.ts';
import type { Upstream, UpstreamCall, UpstreamResult } from './types.ts';

/** What agents of earlier protocols are told, whose own wish was a request of its own and is not kept. */
const USUAL_LOG_LEVEL = 'info';

/**
 * A call towards a stateless server (2026-07-28): one request. Closing its stream is how the protocol cancels it.
 * @throws RpcError, McpError, or the signal's reason
 */
export async function callModern(
  upstream: Upstream,
  protocolVersion: string,
  call: UpstreamCall,
  id: number,
): Promise<UpstreamResult> {
  const message = {
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: {
      name: call.name,
      ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
      _meta: {
        ...(call.wantsLogs ? { [LOG_LEVEL_META_KEY]: USUAL_LOG_LEVEL } : {}),
        ...call.meta,
        ...(call.wantsProgress ? { progressToken: id } : {}),
        [PROTOCOL_VERSION_META_KEY]: protocolVersion,
        [CLIENT_INFO_META_KEY]: CLIENT_INFO,
        [CLIENT_CAPABILITIES_META_KEY]: {},
      },
    },
  };
  const answer = await request(upstream, {
    method: 'POST',
    headers: {
      ...MESSAGE_HEADERS,
      ...call.paramHeaders,
      'mcp-protocol-version': protocolVersion,
      'mcp-method': 'tools/call',
      // Names that may be allowed are plain ASCII: no encoding is called for.
      'mcp-name': call.name,
    },
    body: JSON.stringify(message),
    signal: call.signal,
  });
  const aside: Aside = { ...asideOf(call, id), asked: () => {} };
  const result = await resultOf(answer, id, upstream, aside);
  if (!result) throw failure('HTTP_NO_ANSWER', 'The server ended its answer before the result.');
  return result;
}
