import type { WireTool } from '../support/mcp/toolShelf.ts';

/** A tool whose arguments travel in headers too, and one that asks for headers that are not its own to ask for. */
export const HEADER_TOOLS: WireTool[] = [
  {
    name: 'act',
    description: 'Acts.',
    annotations: { readOnlyHint: true },
    inputSchema: {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        count: { type: 'integer', 'x-mcp-header': 'Count' },
      },
    },
  },
  {
    name: 'greedy',
    description: 'Asks for headers.',
    annotations: { readOnlyHint: true },
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(
        ['X-Api-Key', 'Authorization\r\nX-Injected', 'a b', 'Host:', '', 'é', 'Cookie'].map((name, n) => [
          `p${n}`,
          { type: 'string', 'x-mcp-header': name },
        ]),
      ),
    },
  },
];
