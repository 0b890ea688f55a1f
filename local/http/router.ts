import { fail, invalid } from '../../lib/api/errors.ts';
import type { Operation } from '../../lib/api/operation.ts';
import { operationList } from '../../lib/api/operations.ts';
import { printable } from './rawRequest.ts';

/** The operation that a request calls. */
export interface Route {
  operation: Operation;
  /** Percent-encoded as sent: API Gateway's REST APIs hand path parameters on that way. */
  rawLabels: Readonly<Record<string, string>>;
  /** Decoded once. */
  labels: Readonly<Record<string, string>>;
}

interface Template {
  operation: Operation;
  segments: readonly Segment[];
}

type Segment = { text: string } | { label: string };

const templates = operationList.map(operation => ({ operation, segments: segmentsOf(operation.path) }));

/**
 * Finds the operation for a method and a raw path. Nothing is normalised: `a/../b` is not `b`.
 * @throws UnknownOperationException naming what the path does take; ValidationException for ids that are
 *   empty, `.` or `..`, or not valid percent-encoding
 */
export function route(method: string, rawPath: string): Route {
  const sent = rawPath.slice(1).split('/');
  const candidates = templates.flatMap(template => matchTemplate(template, sent));
  const found = candidates.find(({ operation }) => operation.method === method);
  if (!found)
    throw unknown(
      method,
      rawPath,
      candidates.map(({ operation }) => operation.method),
    );
  const { operation, rawLabels } = found;
  const labels = Object.entries(rawLabels).map(([name, raw]) => [name, decodeLabel(name, raw)]);
  return { operation, rawLabels, labels: Object.fromEntries(labels) };
}

type Match = Pick<Route, 'operation' | 'rawLabels'>;

function matchTemplate({ operation, segments }: Template, sent: readonly string[]): Match[] {
  const last = segments.at(-1);
  // An ARN holds a slash, which clients may send as it is.
  const open = last !== undefined && 'label' in last && last.label === 'resourceArn';
  const parts = open ? joinTail(sent, segments.length) : sent;
  if (parts.length !== segments.length) return [];
  const rawLabels: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const part = parts[i] as string;
    if ('label' in segment) rawLabels[segment.label] = part;
    else if (segment.text !== part) return [];
  }
  return [{ operation, rawLabels }];
}

function joinTail(parts: readonly string[], count: number): string[] {
  if (parts.length < count) return [...parts];
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join('/')];
}

function segmentsOf(path: string): Segment[] {
  return path
    .slice(1)
    .split('/')
    .map(text => (text.startsWith('{') ? { label: text.slice(1, -1) } : { text }));
}

function decodeLabel(name: string, raw: string): string {
  const value = decode(name, raw);
  if (value === '') throw invalid(`/${name}`, 'must not be empty');
  const parts = value.split('/');
  if (parts.includes('.') || parts.includes('..') || parts.includes('')) {
    throw invalid(`/${name}`, 'must not hold ".", ".." or empty parts');
  }
  return value;
}

function decode(name: string, raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw invalid(`/${name}`, 'is not valid percent-encoding');
  }
}

function unknown(method: string, rawPath: string, methods: readonly string[]) {
  const asked = `${printable(method)} ${printable(rawPath)}`;
  const hint = methods.length > 0 ? ` This path takes ${[...new Set(methods)].sort().join(', ')}.` : '';
  return fail('UnknownOperationException', `There is no operation ${asked}.${hint}`);
}
