import { describe, expect, it } from 'vitest';
import { readTool } from '../../../lib/mcp/toolDefinition.ts';

const sound = { name: 'a', inputSchema: { type: 'object' } };

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

describe('readTool', () => {
  it('keeps the very object that was given', () => {
    const raw = { ...sound, 'x-vendor': 1, outputSchema: { type: 'array' }, _meta: {} };
    expect(readTool(raw)).toEqual({ tool: raw, json: expect.stringContaining('"x-vendor":1') });
    expect(readTool(raw)).toHaveProperty('tool', raw);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'tool'],
    ['a list', [sound]],
    ['no name', { inputSchema: { type: 'object' } }],
    ['an empty name', { ...sound, name: '' }],
    ['a title that is null', { ...sound, title: null }],
    ['a schema of another type', { ...sound, inputSchema: { type: 'string' } }],
    ['a hint that is text', { ...sound, annotations: { readOnlyHint: 'true' } }],
    ['too much nesting', { ...sound, inputSchema: { type: 'object', properties: { a: nested(100) } } }],
    ['nesting that overflows the stack', { ...sound, 'x-deep': nested(50_000) }],
    ['an infinite number', { ...sound, 'x-vendor': JSON.parse('1e999') }],
    ['half a character', { ...sound, description: '\ud800' }],
  ])('refuses %s', (_name, raw) => {
    expect(readTool(raw)).toEqual({ problem: expect.stringMatching(/^its? /) });
  });

  it('accepts nesting that real schemas have', () => {
    const raw = { ...sound, inputSchema: { type: 'object', properties: { a: nested(60) } } };
    expect(readTool(raw)).toHaveProperty('tool');
  });

  it('names the member, never what a server put there', () => {
    const raw = { ...sound, annotations: { readOnlyHint: 'canary' }, name: 'canary' };
    expect(readTool(raw)).toEqual({ problem: expect.stringContaining('"annotations"') });
    expect(JSON.stringify(readTool(raw))).not.toContain('canary');
  });
});
