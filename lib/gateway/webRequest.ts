import type { AgentRequest, AgentStream } from './types.ts';

/** Headers that the MCP SDK looks at. Credentials are not among them. */
const FOR_THE_SDK = [
  'accept',
  'content-type',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
] as const;

/** A request as the Fetch standard has it, for the SDK; its body goes beside it, parsed. */
export function toWebRequest({ headers }: AgentRequest, signal: AbortSignal): Request {
  const kept = FOR_THE_SDK.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  return new Request('http://switchboard.invalid/mcp', { method: 'POST', headers: kept, body: '{}', signal });
}

/** Writes a response, with `more` headers, as it comes. */
export async function writeResponse(
  response: Response,
  more: Readonly<Record<string, string>>,
  stream: AgentStream,
): Promise<void> {
  stream.begin(response.status, { ...Object.fromEntries(response.headers), ...more });
  if (response.body) for await (const chunk of response.body) await stream.write(chunk);
  stream.end();
}
