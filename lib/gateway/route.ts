/** A path of the agents' endpoint. */
export interface AgentRoute {
  agentSpaceId: string;
  /** Of the endpoint of one server. */
  serverName: string | undefined;
}

/** `/v1/agentspaces/{agentSpaceId}/mcp`, and `/{serverName}` behind it. */
const PATH = /^\/v1\/agentspaces\/([a-zA-Z0-9-]{1,64})\/mcp(?:\/([a-zA-Z0-9_-]{1,64}))?\/?$/;

/** The route of a raw path; nothing for any other, and for one that is encoded: no id or name needs it. */
export function agentRoute(rawPath: string): AgentRoute | undefined {
  const [, agentSpaceId, serverName] = PATH.exec(rawPath) ?? [];
  return agentSpaceId === undefined ? undefined : { agentSpaceId, serverName };
}
