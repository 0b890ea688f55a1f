import { isJSONRPCResultResponse, type Transport } from '@modelcontextprotocol/client';

/** The member of a result under which its tools pass the SDK. */
export const RAW_TOOLS = 'switchboard/rawTools';

/**
 * Keeps the SDK's hands off tool definitions: towards 2026-07-28 servers it checks a result against the
 * protocol's own schema whatever schema the caller gives, and fails the whole list for one faulty tool. To be
 * called before connecting: the SDK runs a handler that is already set before its own.
 */
export function keepToolsRaw(transport: Transport): void {
  transport.onmessage = message => {
    if (!isJSONRPCResultResponse(message) || !Array.isArray(message.result.tools)) return;
    message.result[RAW_TOOLS] = message.result.tools;
    message.result.tools = [];
  };
}
