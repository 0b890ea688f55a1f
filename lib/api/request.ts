import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { fail, invalid } from './errors.ts';
import type { Operation } from './operation.ts';
import { labelsOf } from './path.ts';

/** The largest request body. Every valid request is far smaller; it bounds parsing and audit work. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Deeper than any shape of the API; keeps hostile nesting off the call stack. */
const MAX_DEPTH = 24;

/**
 * Collects an operation's input from labels, query and body, unparsed: null members are dropped (as AWS
 * SDKs treat them), nothing else is interpreted.
 * @throws ValidationException, ContentSizeExceededException, UnknownOperationException
 */
export function readRequest(operation: Operation, event: APIGatewayProxyEvent): Record<string, unknown> {
  if (operation.protocol === 'awsJson1_1') checkTarget(operation, event);
  const labels = readLabels(operation, event);
  const body = readBody(event);
  for (const name of [...labelsOf(operation.path), ...operation.query]) {
    if (name in body) throw invalid(`/${name}`, 'belongs in the URL, not in the body');
  }
  return { ...body, ...readQuery(operation, event), ...labels };
}

function checkTarget(operation: Operation, event: APIGatewayProxyEvent): void {
  const target = headerOf(event, 'x-amz-target');
  if (target !== undefined && target.split('.').pop() !== operation.name) {
    throw fail('UnknownOperationException', `POST / serves ${operation.name} only.`);
  }
}

function readLabels(operation: Operation, event: APIGatewayProxyEvent): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const name of labelsOf(operation.path)) {
    const value = event.pathParameters?.[name] ?? '';
    labels[name] = decodeLabel(name, value);
  }
  return labels;
}

/** Entry points differ in whether they decode; no label of the API may hold a percent sign of its own. */
function decodeLabel(name: string, value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    throw invalid(`/${name}`, 'is not valid percent-encoding');
  }
}

function readQuery(operation: Operation, event: APIGatewayProxyEvent): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    if (!operation.query.includes(name))
      throw invalid(`/${name}`, 'is not a query parameter of this operation');
    query[name] = takesMany(operation, name) ? values : single(name, values ?? []);
  }
  return query;
}

function takesMany(operation: Operation, name: string): boolean {
  return name === 'tagKeys' && operation.query.includes(name);
}

function single(name: string, values: string[]): string | undefined {
  if (values.length > 1) throw invalid(`/${name}`, 'must be given once');
  return values[0];
}

function readBody(event: APIGatewayProxyEvent): Record<string, unknown> {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw fail('ContentSizeExceededException', `The body may have at most ${MAX_BODY_BYTES} bytes.`);
  }
  if (!isUtf8(bytes)) throw invalid('', 'the body is not valid UTF-8');
  const text = bytes.toString('utf8').trim();
  if (text === '') return {};
  const value = tidy(parseJson(text), '', 0);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('', 'the body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('', 'the body is not valid JSON');
  }
}

/** Drops null members and refuses what no member of the API may hold. */
function tidy(value: unknown, path: string, depth: number): unknown {
  if (depth > MAX_DEPTH) throw invalid(path, `is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === 'string') return checkText(value, path);
  if (Array.isArray(value)) return value.map((item, index) => tidy(item, `${path}/${index}`, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    entries.map(([name, member]) => {
      const pointer = `${path}/${pointerToken(checkText(name, path))}`;
      if (name === '__proto__') throw invalid(pointer, 'is not a member name');
      return [name, tidy(member, pointer, depth + 1)];
    }),
  );
}

function checkText(text: string, path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u0008\u000A-\u001F\u007F]/.test(text))
    throw invalid(path, 'must not hold control characters');
  if (!text.isWellFormed()) throw invalid(path, 'must be well-formed Unicode');
  return text;
}

/** One reference token of a JSON Pointer (RFC 6901 §3). */
export function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A request header's value, whatever its case. */
export function headerOf(event: Pick<APIGatewayProxyEvent, 'headers'>, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}
