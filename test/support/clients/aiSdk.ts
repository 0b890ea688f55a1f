import { createMCPClient } from '@ai-sdk/mcp';
import type { AgentClient, AgentResult, Endpoint } from './agentClient.ts';

/** The client of the AI SDK; its tools, which it lists once, are executed as a model would have it. */
export async function aiSdkClient({ url, token }: Endpoint): Promise<AgentClient> {
  const headers = { authorization: `Bearer ${token}` };
  const client = await createMCPClient({ transport: { type: 'http', url, headers } });
  const tools = await client.tools();
  return {
    list: async () => Object.keys(tools),
    async call(name, args = {}) {
      const tool = tools[name];
      if (!tool) throw new Error(`No such tool: ${name}`);
      return (await tool.execute(args, { toolCallId: '1', messages: [], context: {} })) as AgentResult;
    },
    close: () => client.close(),
  };
}
