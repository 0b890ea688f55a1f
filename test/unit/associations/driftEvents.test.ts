import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { AssociationItem } from '../../../lib/associations/associationItem.ts';
import type { ChangedTool, Comparison } from '../../../lib/associations/compare.ts';
import { driftEvents } from '../../../lib/associations/driftEvents.ts';
import { loadConfig } from '../../../lib/config.ts';
import type { ToolDefinition } from '../../../lib/mcp/types.ts';
import { type CatalogueTool, catalogueOf } from '../../../lib/services/catalogue.ts';
import type { ServiceItem } from '../../../lib/services/serviceItem.ts';

const ACCOUNT = '111122223333';
const association = { agentSpaceId: 'sp', associationId: 'mcpserver-1-ab', serviceId: 'mcpserver-1' };
const service = { endpoint: 'https://mcp.example/mcp' };
const NOTHING: Comparison = {
  status: 'valid',
  withheld: [],
  added: [],
  changed: [],
  removed: [],
  restored: [],
};

function eventsOf(news: Partial<Comparison>) {
  const deps = { config: loadConfig({}), now: Date.now, newId: (at: number) => v7({ msecs: at }) };
  const clauses = driftEvents(
    ACCOUNT,
    association as AssociationItem,
    service as ServiceItem,
    { ...NOTHING, ...news },
    deps,
  );
  const items = clauses.map(({ item }) => item.Put?.Item ?? {});
  return items.flatMap(({ record }) => (typeof record === 'string' ? [JSON.parse(record)] : []));
}

function tool(definition: ToolDefinition): CatalogueTool {
  const [made] = catalogueOf([definition], [], 0).tools;
  if (!made) throw new Error('no tool');
  return made;
}

const changed = (name: string, description: string, more: object = {}): ChangedTool => ({
  pinned: tool({ name, description: 'As it was confirmed.' }),
  offered: tool({ name, description, ...more }),
});

describe('a change', () => {
  it('is told with both hashes, the members that differ and a diff, by the service itself', () => {
    const change = changed('echo', 'Something else.', { 'odd\u200b': 1 });
    const [event, ...others] = eventsOf({ changed: [change] });
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventName: 'ToolDefinitionChanged',
      userIdentity: { type: 'AWSService', principalId: 'aidevops.switchboard' },
      sourceIPAddress: 'aidevops.switchboard',
      readOnly: false,
      recipientAccountId: ACCOUNT,
      requestParameters: association,
    });
    expect(event.additionalEventData).toEqual({
      endpoint: service.endpoint,
      toolCount: 1,
      tools: [
        {
          name: 'echo',
          fingerprint: change.pinned.fingerprint,
          offeredFingerprint: change.offered.fingerprint,
          changedMembers: ['description', 'odd\\u{200b}'],
          diff: expect.arrayContaining(['-  "description": "As it was confirmed.",']),
        },
      ],
    });
    const types = event.resources.map(({ type }: { type: string }) => type.split('::').at(-1)).sort();
    expect(types).toEqual(['AgentSpace', 'Association', 'Service']);
  });

  it('of many tools is told with diffs while there is room, then with hashes, within the record', () => {
    const long = (n: number) => Array.from({ length: 60 }, (_, line) => `${n} ${line}.`).join('\n');
    const many = Array.from({ length: 60 }, (_, n) => changed(`tool_${n}`, long(n)));
    const [event] = eventsOf({ changed: many });
    const { additionalEventData } = event;
    expect(Buffer.byteLength(JSON.stringify(additionalEventData))).toBeLessThanOrEqual(28_000);
    expect(additionalEventData).toMatchObject({ endpoint: service.endpoint, toolCount: 60 });
    expect(additionalEventData.tools).toHaveLength(60);
    expect(additionalEventData.tools[0].diff.length).toBeGreaterThan(10);
    expect(additionalEventData.tools[59]).toEqual({
      name: 'tool_59',
      fingerprint: many[59]?.pinned.fingerprint,
      offeredFingerprint: many[59]?.offered.fingerprint,
    });
  });

  it('of all tools that a space may have still says where, and how many', () => {
    const many = Array.from({ length: 2_000 }, (_, n) => changed(`tool_${n}`, 'Something else.'));
    const [event] = eventsOf({ changed: many });
    expect(event.additionalEventData).toMatchObject({ endpoint: service.endpoint, toolCount: 2_000 });
    expect(event.additionalEventData.tools.at(-1)).toMatch(/more$/);
  });
});

it('has one event for each kind of news, and none without', () => {
  const one = tool({ name: 'one' });
  const events = eventsOf({
    changed: [changed('echo', 'Something else.')],
    removed: [one],
    restored: [one],
    added: [one],
  });
  expect(events.map(({ eventName }) => eventName)).toEqual([
    'ToolDefinitionChanged',
    'ToolDefinitionRestored',
    'ToolRemoved',
    'ToolAdded',
  ]);
  expect(events[3].additionalEventData.tools).toEqual([{ name: 'one', fingerprint: one.fingerprint }]);
  expect(eventsOf({})).toEqual([]);
});
