import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type AgentApp, eventually, openSpace, startAgentApp } from '../support/agents.ts';
import { exchange, modernMessage } from '../support/clients/wire.ts';
import { legacyListener } from '../support/mcp/legacy.ts';
import { modernListener } from '../support/mcp/modern.ts';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';

let app: AgentApp;
let peer: Peer;

beforeAll(async () => {
  // Nothing but the calls themselves makes the gateway ask again.
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' });
});
afterEach(() => peer.close());
afterAll(() => app.stop());

/** A server that can be replaced by another version of it, and what calls its `echo`. */
async function replaceable(first: RequestListener) {
  let current = first;
  peer = await startTlsServer((request, response) => current(request, response));
  const { name, endpoint } = await openSpace(app, peer, ['echo', 'write_note']);
  return {
    replace: (next: RequestListener) => {
      current = next;
    },
    async call(text: string, tool = 'echo') {
      const call = modernMessage('tools/call', { name: `${name}_${tool}`, arguments: { text } });
      const { result, error } = (await exchange(endpoint, call)).message;
      return result?.content[0].text ?? error;
    },
  };
}

/** Whether requests come in the form of 2026-07-28. */
const isModern = ({ headerNames }: Peer['requests'][number]) => headerNames.includes('mcp-method');

const VERSIONS: Record<string, () => { listener: RequestListener; shelf: { calls: unknown[] } }> = {
  earlier: () => legacyListener(),
  both: () => modernListener(),
  today: () => modernListener({ modernOnly: true }),
};

it.each([
  ['earlier', 'today'],
  ['earlier', 'both'],
  ['today', 'earlier'],
  ['both', 'earlier'],
])('a server that spoke the protocols "%s" and then "%s" fails no call', async (before, after) => {
  const [old, next] = [VERSIONS[before]?.(), VERSIONS[after]?.()];
  if (!old || !next) throw new Error('No such version.');
  const { call, replace } = await replaceable(old.listener);
  expect(await call('before')).toBe('before');
  replace(next.listener);
  expect(await Promise.all(['one', 'two', 'three', 'four'].map(text => call(text)))).toEqual([
    'one',
    'two',
    'three',
    'four',
  ]);
  // Whatever was turned away on the way was not done.
  expect(await call('note', 'write_note')).toBe('note');
  expect(next.shelf.calls).toHaveLength(5);
});

it('is called as it speaks now, one request a call', async () => {
  const { call, replace } = await replaceable(legacyListener().listener);
  await call('before');
  replace(modernListener({ modernOnly: true }).listener);
  await call('after');
  await eventually(async () => {
    peer.requests.length = 0;
    return (
      (await call('settled')) === 'settled' && peer.requests.length === 1 && peer.requests.every(isModern)
    );
  });
});
