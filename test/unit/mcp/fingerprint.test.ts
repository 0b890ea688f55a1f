import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../lib/mcp/fingerprint.ts';
import type { ToolDefinition } from '../../../lib/mcp/types.ts';

const tool: ToolDefinition = {
  name: 'echo',
  description: 'Repeats the text.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: { readOnlyHint: true },
};

/** The same JSON value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('fingerprint', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    const canonical = '{"annotations":{},"inputSchema":{"type":"object"},"name":"a"}';
    expect(fingerprint({ name: 'a', inputSchema: { type: 'object' }, annotations: {} })).toBe(
      createHash('sha256').update(canonical).digest('hex'),
    );
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), members => {
        const one = { ...members, name: 'a' };
        expect(fingerprint(reversed(one) as ToolDefinition)).toBe(fingerprint(one));
      }),
    );
  });

  it.each<[string, Partial<ToolDefinition>]>([
    ['name', { name: 'echo2' }],
    ['title', { title: 'Echo' }],
    ['description', { description: 'Repeats the text!' }],
    ['nested schema', { inputSchema: { type: 'object', properties: { text: {} }, required: ['text'] } }],
    ['order of a list', { inputSchema: { type: 'object', required: ['a', 'b'] } }],
    ['outputSchema', { outputSchema: { type: 'object' } }],
    ['annotations', { annotations: { readOnlyHint: false } }],
    ['unknown annotation', { annotations: { readOnlyHint: true, vendor: 1 } }],
    ['icons', { icons: [{ src: 'https://example.com/a.png' }] }],
    ['unknown member', { 'x-vendor': 1 }],
    ['property called _meta', { inputSchema: { type: 'object', properties: { _meta: {} } } }],
  ])('changes with the %s', (_member, change) => {
    expect(fingerprint({ ...tool, ...change })).not.toBe(fingerprint(tool));
  });

  it('tells lists of different order apart', () => {
    const of = (required: string[]) => fingerprint({ name: 'a', inputSchema: { required } });
    expect(of(['a', 'b'])).not.toBe(of(['b', 'a']));
  });

  it('leaves out _meta alone', () => {
    expect(fingerprint({ ...tool, _meta: { at: 1 } })).toBe(fingerprint(tool));
  });

  it('covers a member called __proto__', () => {
    const hidden = JSON.parse('{"name":"a","__proto__":{"b":1}}') as ToolDefinition;
    expect(fingerprint(hidden)).not.toBe(fingerprint({ name: 'a' }));
  });
});
