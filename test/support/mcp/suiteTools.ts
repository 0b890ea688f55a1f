import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolAct, ToolContext, ToolOptions, WireResult, WireTool } from './toolShelf.ts';

/** One red pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
/** No sound at all. */
export const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

const text = (said: string) => ({ type: 'text', text: said });
const image = { type: 'image', data: PNG, mimeType: 'image/png' };
const audio = { type: 'audio', data: WAV, mimeType: 'audio/wav' };
const resource = (uri: string, mimeType: string, said: string) => ({
  type: 'resource',
  resource: { uri, mimeType, text: said },
});
const MIXED_JSON = '{"test":"data","value":123}';

async function log({ log }: ToolContext): Promise<WireResult> {
  for (const said of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    await log('info', said);
    await sleep(20);
  }
  return { content: [text('logged')] };
}

/** Clients of the v1 SDK lose a notification that they read in one go with the result: they are kept apart. */
const APART_MS = 100;

async function progress({ meta, notify }: ToolContext): Promise<WireResult> {
  const { progressToken } = meta;
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined) {
      await notify('notifications/progress', { progressToken, progress, total: 100 });
    }
    await sleep(APART_MS);
  }
  return { content: [text('progressed')] };
}

const ACTS = {
  test_simple_text: () => ({ content: [text('This is a simple text response for testing.')] }),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [audio] }),
  test_embedded_resource: () => ({
    content: [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      image,
      resource('test://mixed-content-resource', 'application/json', MIXED_JSON),
    ],
  }),
  test_tool_with_logging: (_, context) => log(context),
  test_error_handling: () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }),
  test_tool_with_progress: (_, context) => progress(context),
  json_schema_2020_12_tool: () => ({ content: [text('done')] }),
  test_structured: ({ city }) => ({
    content: [text(`20 degrees in ${city}`)],
    structuredContent: { city, degrees: 20 },
  }),
} satisfies Record<string, ToolAct>;

export type SuiteTool = keyof typeof ACTS;

const DESCRIPTIONS: Partial<Record<SuiteTool, WireTool>> = {
  json_schema_2020_12_tool: {
    description: 'Tool with JSON Schema 2020-12 features',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      additionalProperties: false,
    },
  },
  test_structured: {
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    outputSchema: {
      type: 'object',
      properties: { city: { type: 'string' }, degrees: { type: 'number' } },
      required: ['city', 'degrees'],
    },
  },
};

/** The tools that the conformance suite calls, and one with structured output, for a server of either era. */
export const SUITE_TOOLS = {
  tools: Object.keys(ACTS).map(name => ({
    name,
    description: `Answers for ${name}.`,
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
    ...DESCRIPTIONS[name as SuiteTool],
  })),
  acts: ACTS,
} satisfies ToolOptions;
