const FRAMING = 'it frames the HTTP message and is set by the connection';
const NEGOTIATION = 'MCP fixes what is accepted, and Switchboard sets it';
const ORIGIN = 'it tells where a request comes from, which only Switchboard may say';
const MCP = 'it belongs to the MCP transport';

/** Headers that no credential may occupy, with the reason why. Closed: everything else is free. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['host', 'it names the server that is called'],
  ['accept', NEGOTIATION],
  ['connection', FRAMING],
  ['expect', FRAMING],
  ['http2-settings', FRAMING],
  ['keep-alive', FRAMING],
  ['te', FRAMING],
  ['trailer', FRAMING],
  ['transfer-encoding', FRAMING],
  ['upgrade', FRAMING],
  ['last-event-id', MCP],
  // A session cookie belongs to a browser and is renewed by Set-Cookie, which is never kept.
  ['cookie', 'cookies are not credentials of a machine and are never kept'],
  ['cookie2', 'cookies are not credentials of a machine and are never kept'],
  ['date', 'the connection sets it'],
  ['user-agent', ORIGIN],
  ['origin', ORIGIN],
  ['referer', ORIGIN],
  ['via', ORIGIN],
  ['forwarded', ORIGIN],
  ['x-real-ip', ORIGIN],
]);

const RESERVED_PREFIXES: readonly (readonly [string, string])[] = [
  ['accept-', NEGOTIATION],
  ['content-', FRAMING],
  ['mcp-', MCP],
  ['proxy-', 'it speaks to proxies, not to the server'],
  ['sec-', 'it belongs to browsers'],
  ['x-forwarded-', ORIGIN],
  ['x-switchboard-', 'it belongs to Switchboard'],
];

/** Why a credential may not be sent in this header (any case); undefined when it may. */
export function reservedBecause(headerName: string): string | undefined {
  const name = headerName.toLowerCase();
  return RESERVED.get(name) ?? RESERVED_PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1];
}
