import * as z from 'zod';
import { statusOf } from '../../lib/api/errorResponse.ts';
import type { FailureCode } from '../../lib/api/errors.ts';
import { errorsOf, type Operation } from '../../lib/api/operation.ts';
import { createShapeBook, type Shape, type ShapeBook } from './shapes.ts';

export const SERVICE_NAME = 'switchboard';
export const API_VERSION = '2026-01-01';

export interface OperationModel {
  name: string;
  http: { method: string; requestUri: string; responseCode: number };
  input: { shape: string };
  output: { shape: string };
  errors: { shape: string }[];
  documentation: string;
  idempotent?: true;
  readonly?: true;
}

/** A botocore service model: what `aws configure add-model` takes. */
export interface ServiceModel {
  version: '2.0';
  metadata: Record<string, string | string[]>;
  operations: Record<string, OperationModel>;
  shapes: Record<string, Shape>;
  documentation: string;
}

/**
 * The operation table as a botocore service model. Signing name `execute-api` is what API Gateway's IAM
 * authorizer verifies; the embedded server takes it too.
 */
export function serviceModel(rows: readonly Operation[]): ServiceModel {
  const book = createShapeBook();
  const operations = Object.fromEntries(rows.map(row => [row.name, operationModel(row, book)]));
  return {
    version: '2.0',
    metadata: {
      apiVersion: API_VERSION,
      auth: ['aws.auth#sigv4'],
      endpointPrefix: SERVICE_NAME,
      protocol: 'rest-json',
      protocols: ['rest-json'],
      serviceFullName: 'Switchboard',
      serviceId: 'Switchboard',
      signatureVersion: 'v4',
      signingName: 'execute-api',
      uid: `${SERVICE_NAME}-${API_VERSION}`,
    },
    operations: sorted(operations),
    shapes: sorted(book.shapes),
    documentation: '<p>Connects remote MCP servers to agent spaces.</p>',
  };
}

function operationModel(row: Operation, book: ShapeBook): OperationModel {
  const input = `${row.name}Input`;
  const output = `${row.name}Output`;
  book.addRoot(input, row.input, 'input', member => locationOf(row, member));
  book.addRoot(output, row.output, 'output');
  const codes = errorsOf(row).sort();
  for (const code of codes) defineError(code, book);
  return {
    name: row.name,
    http: { method: row.method, requestUri: row.path, responseCode: row.status },
    input: { shape: input },
    output: { shape: output },
    errors: codes.map(shape => ({ shape })),
    documentation: `<p>${row.summary}</p>`,
    ...(row.method === 'DELETE' && { idempotent: true as const }),
    ...(row.access === 'read' && { readonly: true as const }),
  };
}

function locationOf(row: Operation, member: string) {
  if (row.path.includes(`{${member}}`)) return 'uri';
  return row.query.includes(member) ? 'querystring' : undefined;
}

const FieldList = z
  .array(z.object({ path: z.string(), message: z.string() }).meta({ id: 'ValidationExceptionField' }))
  .meta({ id: 'ValidationExceptionFieldList' });
const PlainError = z.object({ message: z.string() });
const ValidationError = z.object({ message: z.string(), fieldList: FieldList.optional() });

function defineError(code: FailureCode, book: ShapeBook): void {
  if (book.shapes[code]) return;
  const status = statusOf({ code });
  book.addRoot(code, code === 'ValidationException' ? ValidationError : PlainError, 'output');
  Object.assign(book.shapes[code] ?? {}, {
    error: { httpStatusCode: status, ...(status < 500 && { senderFault: true }) },
    exception: true,
    ...(status >= 500 && { fault: true }),
    ...(code === 'ThrottlingException' && { retryable: { throttling: true } }),
  });
}

export interface Paginator {
  input_token: string;
  output_token: string;
  limit_key: string;
  result_key: string;
}

/** The table's paged operations as `paginators-1.json`. A page is the one list beside the token. */
export function paginators(rows: readonly Operation[]): { pagination: Record<string, Paginator> } {
  const pagination: Record<string, Paginator> = {};
  for (const row of rows) {
    const token = ['nextToken', 'NextToken'].find(
      name => name in row.input.shape && name in row.output.shape,
    );
    if (!token) continue;
    const limit = token === 'nextToken' ? 'maxResults' : 'MaxResults';
    pagination[row.name] = {
      input_token: token,
      limit_key: limit,
      output_token: token,
      result_key: row.paginated ?? onlyList(row),
    };
  }
  return { pagination: sorted(pagination) };
}

function onlyList(row: Operation): string {
  const lists = Object.entries(row.output.shape).filter(([, schema]) => schema instanceof z.ZodArray);
  const [first, ...others] = lists;
  if (!first || others.length > 0)
    throw new Error(`${row.name} must say in \`paginated\` what its pages hold`);
  return first[0];
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
