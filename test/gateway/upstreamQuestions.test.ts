import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentApp, openSpace, startAgentApp } from '../support/agents.ts';
import { exchange, legacyMessage, modernMessage } from '../support/clients/wire.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import type { ToolAct } from '../support/mcp/toolShelf.ts';

let app: AgentApp;
const peers: McpPeer[] = [];

beforeAll(async () => {
  app = await startAgentApp();
});
afterAll(async () => {
  await app.stop();
  for (const peer of peers) await peer.close();
});

const tools = [
  { name: 'ask', description: 'Asks.', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
];

/** A space that may use `ask` of a server; what calls it in both protocol eras. */
async function answersOf(peer: McpPeer) {
  peers.push(peer);
  const { name, endpoint } = await openSpace(app, peer, ['ask']);
  const call = { name: `${name}_ask` };
  const messages = [modernMessage('tools/call', call), legacyMessage('tools/call', call, 1)];
  return Promise.all(messages.map(message => exchange(endpoint, message)));
}

it('tells a server that asks the client that there is nobody to ask, and answers its pings', async () => {
  const questions = ['sampling/createMessage', 'elicitation/create', 'roots/list', 'ping'];
  const ask: ToolAct = async (_, context) => {
    const answers = await Promise.all(questions.map(method => context.ask?.(method, {})));
    const said = answers.map(answer => (answer as { code?: number }).code ?? answer);
    return { content: [{ type: 'text', text: JSON.stringify(said) }] };
  };
  const answers = await answersOf(await startLegacy({ tools, acts: { ask } }));
  for (const { message, messages } of answers) {
    expect(JSON.parse(message.result.content[0].text)).toEqual([-32_601, -32_601, -32_601, {}]);
    // The agent hears nothing of it.
    expect(messages).toHaveLength(1);
  }
});

it('ends a call whose server wants input from the person', async () => {
  const ask: ToolAct = () => ({
    resultType: 'input_required',
    inputRequests: { name: { method: 'elicitation/create', params: { message: 'Who?' } } },
    requestState: 'state',
  });
  const answers = await answersOf(await startModern({ tools, acts: { ask } }));
  for (const { message } of answers) {
    expect(message.error).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
    expect(JSON.stringify(message)).not.toContain('Who?');
  }
});
