import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Answer, createAnswer } from '../../../lib/gateway/answer.ts';
import { KEEP_ALIVE_MS } from '../../../lib/gateway/limits.ts';
import { RPC, RpcError } from '../../../lib/gateway/rpc.ts';
import type { AgentStream } from '../../../lib/gateway/types.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Keeps what is written, the head as its first line. */
function recorder() {
  const lines: string[] = [];
  const stream = {
    begin: (status: number, headers: Record<string, string>) =>
      lines.push(`${status} ${headers['content-type']}`),
    write: (text: string | Uint8Array) => lines.push(String(text)),
    end: (text = '') => lines.push(`${text}$`),
    begun: false,
  };
  return { lines, stream: stream as unknown as AgentStream };
}

const RESULT = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';

it('is a JSON body where nothing comes ahead of the result', () => {
  const { lines, stream } = recorder();
  createAnswer(1, stream).result('{"content":[]}');
  expect(lines).toEqual(['200 application/json', `${RESULT}$`]);
});

it('becomes an event stream with comments while nothing comes', () => {
  const { lines, stream } = recorder();
  const answer = createAnswer(1, stream);
  vi.advanceTimersByTime(KEEP_ALIVE_MS - 1);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(lines).toEqual(['200 text/event-stream', ': still working\n\n']);
  vi.advanceTimersByTime(2 * KEEP_ALIVE_MS);
  expect(lines).toHaveLength(4);
  answer.result('{"content":[]}');
  expect(lines.at(-1)).toBe(`event: message\ndata: ${RESULT}\n\n$`);
});

it('is an event stream from its first notification on', () => {
  const { lines, stream } = recorder();
  const answer = createAnswer('a', stream);
  answer.notify('notifications/progress', { progress: 1 });
  answer.error(new RpcError(RPC.GATEWAY, 'No.', { code: 'NO' }));
  expect(lines).toEqual([
    '200 text/event-stream',
    'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}\n\n',
    'event: message\ndata: {"jsonrpc":"2.0","id":"a","error":{"code":-32000,"message":"No.","data":{"code":"NO"}}}\n\n$',
  ]);
});

const ENDS: Record<string, (answer: Answer) => void> = {
  'its result': answer => answer.result('{}'),
  'its error': answer => answer.error(new RpcError(RPC.GATEWAY, 'No.')),
  'it is abandoned': answer => answer.abandon(),
};
it.each(Object.entries(ENDS))('says nothing after %s', (_, end) => {
  const { lines, stream } = recorder();
  end(createAnswer(1, stream));
  const said = lines.length;
  vi.advanceTimersByTime(10 * KEEP_ALIVE_MS);
  expect(lines).toHaveLength(said);
  expect(vi.getTimerCount()).toBe(0);
});
