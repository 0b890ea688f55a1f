import { isObject } from './rpc.ts';

/** An argument that travels in a header too. */
interface Declaration {
  /** Names of properties from the root of the arguments. */
  path: readonly string[];
  /** Lower case. */
  header: string;
}

/** RFC 9110, section 5.6.2: `token`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What a header carries as it is; anything else is encoded. */
const PLAIN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;
const ENCODED = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;
/** RFC 8259, section 6. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const MAX_DEPTH = 20;

const known = new WeakMap<object, readonly Declaration[]>();

/**
 * The `Mcp-Param-*` headers that a tool's schema asks for (2026-07-28, "Custom Headers from Tool Parameters"), made of
 * the arguments alone: what an agent sent in headers is never passed on.
 */
export function paramHeaders(inputSchema: unknown, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { path, header } of declarationsOf(inputSchema)) {
    const text = textOf(valueAt(path, args));
    if (text !== undefined) headers[header] = encode(text);
  }
  return headers;
}

function valueAt(path: readonly string[], args: unknown): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), args);
}

/** The first header of an agent that says something else than the arguments do, when there is one. */
export function mismatchedParam(
  inputSchema: unknown,
  args: unknown,
  headers: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return declarationsOf(inputSchema).find(
    ({ path, header }) => !saysTheSame(decode(headers[header]), valueAt(path, args)),
  )?.header;
}

/** Numbers may be spelled in more than one way: 42 and 42.0 are one. */
function saysTheSame(said: string | undefined, value: unknown): boolean {
  const text = textOf(value);
  if (text === undefined || said === text) return true;
  return typeof value === 'number' && said !== undefined && NUMBER.test(said) && Number(said) === value;
}

function declarationsOf(inputSchema: unknown): readonly Declaration[] {
  if (!isObject(inputSchema)) return [];
  const found = known.get(inputSchema) ?? [...declarations(inputSchema, [])];
  known.set(inputSchema, found);
  return found;
}

function* declarations(schema: unknown, path: readonly string[]): Generator<Declaration> {
  if (!isObject(schema) || path.length > MAX_DEPTH) return;
  const name = schema['x-mcp-header'];
  if (path.length > 0 && typeof name === 'string' && TOKEN.test(name)) {
    yield { path, header: `mcp-param-${name.toLowerCase()}` };
  }
  if (!isObject(schema.properties)) return;
  for (const [property, child] of Object.entries(schema.properties))
    yield* declarations(child, [...path, property]);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function encode(text: string): string {
  return PLAIN.test(text) && !ENCODED.test(text)
    ? text
    : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/** The value that a header carries, whether encoded or not. */
export function decode(value: string | undefined): string | undefined {
  const encoded = ENCODED.exec(value?.trim() ?? '')?.[1];
  return encoded === undefined ? value?.trim() : Buffer.from(encoded, 'base64').toString('utf8');
}
