/** A tool definition as it goes over the wire: anything at all, so that faulty ones can be told too. */
export type WireTool = Record<string, unknown>;

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** A result as it goes over the wire. */
export type WireResult = Record<string, unknown>;

/** What a tool sees of its call beside the arguments. */
export interface ToolContext {
  /** `_meta` of the request, as the server's SDK shows it. */
  meta: Readonly<Record<string, unknown>>;
  /** Aborts when the caller cancels. */
  signal: AbortSignal;
  /** Sends a notification ahead of the result. */
  notify(method: string, params: Record<string, unknown>): Promise<void>;
  /** Sends a log message, where the caller's protocol lets the server. */
  log(level: 'info' | 'debug', data: unknown): Promise<void>;
  /** Asks the caller something; resolves with its answer, an error of JSON-RPC included. Servers with sessions can. */
  ask?(method: string, params: Record<string, unknown>): Promise<unknown>;
  /** Ends the stream of the answer, which the caller then has to resume; servers without sessions cannot. */
  cut?(): void;
}

/** What a tool does. */
export type ToolAct = (
  args: Record<string, unknown>,
  context: ToolContext,
) => WireResult | Promise<WireResult>;

export interface ToolPage {
  tools: WireTool[];
  nextCursor?: string;
}

export interface ToolOptions {
  tools?: readonly WireTool[];
  /** What tools do, by name; the others repeat their text. */
  acts?: Readonly<Record<string, ToolAct>>;
  /** In how many pages the list is told; 1 when left out. */
  pages?: number;
  serverInfo?: { name: string; version: string };
}

/** The tools of a test server: what it lists, what it was asked to call. */
export interface ToolShelf {
  setTools(tools: readonly WireTool[]): void;
  /** Cursors given to `tools/list`, `undefined` for a first page. */
  listed: (string | undefined)[];
  /** Calls of tools that exist. */
  calls: ToolCall[];
  list(cursor?: string): ToolPage;
  /** `undefined` when there is no such tool. */
  call(call: ToolCall, context: ToolContext): WireResult | Promise<WireResult> | undefined;
}

const textSchema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };

/** One tool that only reads, one that says nothing of it, one that writes. */
export const DEFAULT_TOOLS: readonly WireTool[] = [
  {
    name: 'echo',
    description: 'Repeats the text.',
    inputSchema: textSchema,
    annotations: { readOnlyHint: true },
  },
  {
    name: 'add',
    description: 'Adds two numbers.',
    inputSchema: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    },
  },
  {
    name: 'write_note',
    description: 'Keeps a note.',
    inputSchema: textSchema,
    annotations: { readOnlyHint: false, destructiveHint: false },
  },
];

/** `count` well-formed tools called `tool_001` and so on. */
export function manyTools(count: number): WireTool[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `tool_${String(index + 1).padStart(3, '0')}`,
    description: `Tool ${index + 1}.`,
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
  }));
}

function answer({ name, arguments: given }: ToolCall): WireResult {
  const text = name === 'add' ? String(Number(given.a) + Number(given.b)) : String(given.text ?? name);
  return { content: [{ type: 'text', text }] };
}

function page(tools: readonly WireTool[], pages: number, cursor?: string): ToolPage {
  const number = cursor === undefined ? 0 : Number(cursor.replace('page-', ''));
  const size = Math.ceil(tools.length / pages);
  const isLast = number + 1 >= pages;
  return {
    tools: tools.slice(number * size, (number + 1) * size),
    ...(!isLast && { nextCursor: `page-${number + 1}` }),
  };
}

export function createToolShelf({ tools = DEFAULT_TOOLS, acts, pages = 1 }: ToolOptions = {}): ToolShelf {
  let current = tools;
  const listed: ToolShelf['listed'] = [];
  const calls: ToolCall[] = [];
  return {
    listed,
    calls,
    setTools(next) {
      current = next;
    },
    list(cursor) {
      listed.push(cursor);
      return page(current, pages, cursor);
    },
    call(call, context) {
      if (!current.some(tool => tool.name === call.name)) return undefined;
      calls.push(call);
      return acts?.[call.name]?.(call.arguments, context) ?? answer(call);
    },
  };
}
