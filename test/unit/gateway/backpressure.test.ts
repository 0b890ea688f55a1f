import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { EgressAnswer } from '../../../lib/egress/types.ts';
import { createAnswer } from '../../../lib/gateway/answer.ts';
import { agentStream } from '../../../lib/gateway/functionUrl.ts';
import { resultOf } from '../../../lib/gateway/upstream/answer.ts';
import type { Upstream } from '../../../lib/gateway/upstream/types.ts';
import { installLambdaStreaming } from '../../../local/lambdaStreaming.ts';

const event = (message: object) => Buffer.from(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
const progress = (n: number) => event({ method: 'notifications/progress', params: { progress: n } });

/** An event stream, and how many of its events were taken. */
function streamOf(events: Buffer[]) {
  const taken = { count: 0 };
  const body = {
    async *[Symbol.asyncIterator]() {
      for (const chunk of events) {
        taken.count++;
        yield chunk;
      }
    },
  };
  const answer = { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
  return { answer: answer as unknown as EgressAnswer, taken };
}

/** A stream that takes one chunk at a time, when it is told to. */
function slowStream() {
  let next = () => {};
  const stream = new Writable({
    highWaterMark: 1,
    write(_chunk, _encoding, done) {
      next = done;
    },
  });
  return { stream, take: () => next() };
}

const turn = () => new Promise(resolve => setImmediate(resolve));

it('no more is taken of a server than its agent takes', async () => {
  installLambdaStreaming();
  const { stream, take } = slowStream();
  const told = createAnswer(1, agentStream(stream));
  const { answer, taken } = streamOf([progress(1), progress(2), progress(3), event({ id: 7, result: {} })]);
  const aside = {
    notified: (method: string, params: object) => told.notify(method, params),
    asked: () => {},
  };
  const result = resultOf(answer, 7, {} as Upstream, aside);
  for (let n = 1; n <= 3; n++) {
    await turn();
    await turn();
    expect(taken.count).toBe(n);
    take();
  }
  expect(await result).toEqual({});
});

it('an agent that leaves lets its server go on', async () => {
  const { stream } = slowStream();
  const { answer } = streamOf([progress(1), event({ id: 7, result: {} })]);
  const told = createAnswer(1, agentStream(stream));
  const aside = {
    notified: (method: string, params: object) => told.notify(method, params),
    asked: () => {},
  };
  const result = resultOf(answer, 7, {} as Upstream, aside);
  await turn();
  stream.destroy();
  expect(await result).toEqual({});
});
