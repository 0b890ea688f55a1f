import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { testClient } from '../../support/engine.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>(resolve => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const anyKey = { TableName: 'table', Key: { pk: 'p', sk: 's' } };

describe('createDocumentClient', () => {
  it('drops undefined members and keeps its connection', async () => {
    const bodies: string[] = [];
    const ports = new Set<number | undefined>();
    const endpoint = await serve(async (request, response) => {
      ports.add(request.socket.remotePort);
      bodies.push((await request.toArray()).join(''));
      response.end('{}');
    });
    const client = testClient(endpoint);
    const Item = { pk: 'p', sk: 's', gone: undefined, kept: { gone: undefined, none: null } };
    for (let i = 0; i < 3; i++) await client.send(new PutCommand({ TableName: 'table', Item }));
    expect(JSON.parse(bodies[0] ?? '').Item).toEqual({
      pk: { S: 'p' },
      sk: { S: 's' },
      kept: { M: { none: { NULL: true } } },
    });
    expect(ports.size).toBe(1);
  });

  it('asks three times when the engine fails, then gives up', async () => {
    let asked = 0;
    const endpoint = await serve((_, response) => {
      asked++;
      response.writeHead(500).end('{"__type":"InternalServerError"}');
    });
    await expect(testClient(endpoint).send(new GetCommand(anyKey))).rejects.toThrow();
    expect(asked).toBe(3);
  });

  it('does not wait for ever for an answer', async () => {
    let asked = 0;
    const client = testClient(await serve(() => asked++), { requestTimeoutMs: 500 });
    await expect(client.send(new GetCommand(anyKey))).rejects.toThrow(/time/i);
    // On a busy machine the last one may still be on its way.
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(3);
  });
});
