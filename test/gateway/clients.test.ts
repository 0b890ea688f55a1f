import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/agents.ts';
import type { AgentClient } from '../support/clients/agentClient.ts';
import {
  ALLOWED,
  CLIENTS,
  type ClientName,
  type ClientWorld,
  DISALLOWED,
  serversFor,
  startClientWorld,
  WITHOUT_PROGRESS,
} from '../support/clients/world.ts';
import { PNG, WAV } from '../support/mcp/suiteTools.ts';

let world: ClientWorld;

beforeAll(async () => {
  world = await startClientWorld();
});
afterAll(() => world.close());

const VISIBLE = ['today', 'before'].flatMap(server => ALLOWED.map(name => `${server}_${name}`)).sort();
/** In the words of the gateway, or of a client that looks into its list first. */
const REFUSED = /unknown tool|no such tool|not found on server/i;

describe.each(Object.keys(CLIENTS) as ClientName[])('%s', name => {
  let client: AgentClient;

  beforeAll(async () => {
    client = await CLIENTS[name](world);
  });
  afterAll(() => client.close());

  it('lists the allowed tools of all servers', async () => {
    expect(await client.list()).toEqual(VISIBLE);
  });

  describe.each(serversFor(name))('a server of the era %s', server => {
    it('gives structured output', async () => {
      const result = await client.call(`${server}_test_structured`, { city: 'Rome' });
      expect(result.structuredContent).toEqual({ city: 'Rome', degrees: 20 });
      expect(result.content).toEqual([{ type: 'text', text: '20 degrees in Rome' }]);
    });

    it('gives content of every kind', async () => {
      const [mixed, audio] = await Promise.all([
        client.call(`${server}_test_multiple_content_types`),
        client.call(`${server}_test_audio_content`),
      ]);
      const [uri, text] = ['test://mixed-content-resource', '{"test":"data","value":123}'];
      expect(mixed.content).toEqual([
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', data: PNG, mimeType: 'image/png' },
        { type: 'resource', resource: { uri, mimeType: 'application/json', text } },
      ]);
      expect(audio.content).toEqual([{ type: 'audio', data: WAV, mimeType: 'audio/wav' }]);
    });

    it('says that a tool failed', async () => {
      const { isError, content } = await client.call(`${server}_test_error_handling`);
      expect(isError).toBe(true);
      expect(content[0].text).toBe('This tool intentionally returns an error for testing');
    });

    it.skipIf(WITHOUT_PROGRESS.includes(name))('tells of progress', async () => {
      const heard: unknown[] = [];
      await client.call(`${server}_test_tool_with_progress`, {}, progress => heard.push(progress));
      expect(heard).toEqual([0, 50, 100].map(progress => ({ progress, total: 100 })));
    });

    it('refuses a tool that is not allowed, like one that is not there', async () => {
      await Promise.all(
        [DISALLOWED, 'nothing'].map(tool =>
          expect(client.call(`${server}_${tool}`)).rejects.toThrow(REFUSED),
        ),
      );
    });
  });
});

it('refuses a tool that was allowed when the client listed it', async () => {
  const { app, space, services } = world;
  const client = await CLIENTS['@ai-sdk/mcp'](world);
  const call = () => client.call('today_test_structured', { city: 'Rome' });
  expect(await call()).toMatchObject({ isError: false });
  const { body } = await app.call('ListAssociations', { agentSpaceId: space });
  const { associationId } = body.associations.find(
    ({ serviceId }: { serviceId: string }) => serviceId === services.today,
  );
  const configuration = { mcpserver: { tools: ['test_audio_content'] } };
  await app.call('UpdateAssociation', { agentSpaceId: space, associationId, configuration });
  const refusal = await eventually(() => call().then(() => false, String));
  expect(refusal).toContain('Unknown tool: today_test_structured');
  await client.close();
});

it('kept the programs on this machine', async () => {
  const { env, strayed } = world.sandbox;
  expect(strayed()).toEqual([]);
  const leave = 'require("net").connect(80, "203.0.113.1")';
  await expect(promisify(execFile)(process.execPath, ['-e', leave], { env })).rejects.toThrow(
    'not for tests',
  );
  expect(strayed()).toEqual(['203.0.113.1']);
});
