import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, openSpace, startAgentApp } from '../support/agents.ts';
import type { AgentClient, Endpoint } from '../support/clients/agentClient.ts';
import { asAgent, v1Client, v2Client } from '../support/clients/sdk.ts';
import { startEverything } from '../support/mcp/everything.ts';
import type { Peer } from '../support/mcp/tlsServer.ts';

let app: AgentApp;
let peer: Peer;
let endpoint: Endpoint;
let name: string;

beforeAll(async () => {
  [app, peer] = await Promise.all([startAgentApp(), startEverything()]);
  ({ endpoint, name } = await openSpace(app, peer, ['*']));
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

const CLIENTS = {
  '2026-07-28': async () => asAgent(await v2Client(endpoint, 'auto')),
  '2025-11-25': async () => asAgent(await v2Client(endpoint, 'legacy')),
  'the v1 SDK': async () => asAgent(await v1Client(endpoint)),
};

describe.each(Object.entries(CLIENTS))('the reference server for a client of %s', (_, connect) => {
  let client: AgentClient;

  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  it('offers what needs nobody to be asked', async () => {
    const names = await client.list();
    expect(names).toEqual(expect.arrayContaining([`${name}_echo`, `${name}_get-sum`]));
    expect(names.filter(tool => /sampling|elicitation|roots/.test(tool))).toEqual([]);
  });

  it('gives text, images, links and resources', async () => {
    const { content: image } = await client.call(`${name}_get-tiny-image`);
    expect(image.map(({ type }) => type)).toEqual(['text', 'image', 'text']);
    expect(image[1]).toMatchObject({ mimeType: 'image/png', data: expect.stringMatching(/^iVBORw0KGgo/) });
    const { content: links } = await client.call(`${name}_get-resource-links`, { count: 2 });
    expect(links.map(({ type }) => type)).toEqual(['text', 'resource_link', 'resource_link']);
    expect(links[1].uri).toMatch(/^demo:/);
    const reference = { resourceType: 'Blob', resourceId: 2 };
    const { content: resources } = await client.call(`${name}_get-resource-reference`, reference);
    expect(resources[1]).toMatchObject({ type: 'resource', resource: { blob: expect.any(String) } });
  });

  it('gives annotations of content', async () => {
    const wanted = { messageType: 'success', includeImage: true };
    const { content } = await client.call(`${name}_get-annotated-message`, wanted);
    expect(content).toMatchObject([
      { type: 'text', annotations: { priority: 0.7, audience: ['user'] } },
      { type: 'image', annotations: { priority: 0.5, audience: ['user'] } },
    ]);
  });

  it('gives structured content that its schema describes', async () => {
    const { structuredContent } = await client.call(`${name}_get-structured-content`, {
      location: 'Chicago',
    });
    expect(structuredContent).toMatchObject({ temperature: 36, humidity: 82 });
  });

  it('says what is wrong with arguments', async () => {
    const { isError, content } = await client.call(`${name}_get-sum`, { a: 1, b: 'two' });
    expect(isError).toBe(true);
    expect(content[0].text).toContain('expected number');
  });

  it('tells of the progress of a long operation', async () => {
    const heard: unknown[] = [];
    const { content } = await client.call(
      `${name}_trigger-long-running-operation`,
      { duration: 0.5, steps: 5 },
      progress => heard.push(progress),
    );
    expect(content[0].text).toContain('completed');
    expect(heard).toEqual([1, 2, 3, 4, 5].map(progress => ({ progress, total: 5 })));
  });
});
