import { expect, it } from 'vitest';
import { readCallParams } from '../../../lib/gateway/callParams.ts';

const passedOn = (member: string) => Object.keys(readCallParams({ name: 'x', _meta: { [member]: 1 } }).meta);

it.each([
  'mcp/a',
  'MCP/a',
  'io.mcp/a',
  'mcp.io/a',
  'io.modelcontextprotocol/a',
  'modelcontextprotocol.io/a/b',
  'tools.mcp.com/',
  'progressToken',
])('%s is not passed on', member => {
  expect(passedOn(member)).toEqual([]);
});

it.each(['traceparent', 'mcp', 'com.example/mcp', 'mcpx/a', 'my-mcp.dev/a', '/mcp', ''])(
  '%s is passed on',
  member => {
    expect(passedOn(member)).toEqual([member]);
  },
);

it('a name of a megabyte is looked at at once', () => {
  for (const piece of ['mcp.', 'a.', '.', 'mcp', '/']) {
    const member = piece.repeat(1_000_000 / piece.length);
    expect(passedOn(member)).toEqual([member]);
  }
});
