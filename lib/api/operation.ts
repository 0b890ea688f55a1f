import type * as z from 'zod';
import type { FailureCode } from './errors.ts';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * One row of the operation table. Everything that must agree on an operation is derived from its row: the
 * handler's parsing, the local router, openapi.yaml, the botocore model, serverless.yml, roles and audit.
 */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  /** Also the audit `eventName`, the OpenAPI `operationId` and, in lower camel case, the handler's file name. */
  name: string;
  method: HttpMethod;
  /** `{label}` segments are members of the input. */
  path: string;
  /** Input members that travel in the query string; what is neither label nor query is the JSON body. */
  query: readonly string[];
  /** Status of a success. 204 has no body. */
  status: 200 | 201 | 204;
  protocol: 'restJson1' | 'awsJson1_1';
  input: I;
  output: O;
  /** `read`: Get, List, LookupEvents; auditors may call these. `write`: operators and admins. */
  access: 'read' | 'write';
  /** Beyond the public devops-agent-2026-01-01 API. */
  extension: boolean;
  /** Beyond those of every operation: see {@link errorsOf}. */
  errors: readonly FailureCode[];
  /** Error codes that stand for `ValidationException` on a top-level input member (CloudTrail's way). */
  fieldErrors?: Readonly<Record<string, Exclude<FailureCode, 'ValidationException' | 'ThrottlingException'>>>;
  /** Output member that a paginator walks; such operations take `maxResults` and `nextToken`. */
  paginated?: string;
  /** One sentence for openapi.yaml and the CLI's help. */
  summary: string;
}

type Row<I extends z.ZodObject, O extends z.ZodObject> = Omit<Operation<I, O>, 'protocol' | 'query'> &
  Partial<Pick<Operation<I, O>, 'protocol' | 'query'>>;

/** A row, with what most rows have in common: JSON over REST, nothing in the query string. */
export function operation<I extends z.ZodObject, O extends z.ZodObject>(row: Row<I, O>): Operation<I, O> {
  return { protocol: 'restJson1', query: [], ...row };
}

/** The function that runs an operation: its name, its file in functions/ and its folder in dist/functions/. */
export function functionName({ name }: Pick<Operation, 'name'>): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Errors that every operation can answer with. */
const COMMON_ERRORS = [
  'ValidationException',
  'ContentSizeExceededException',
  'AccessDeniedException',
  'ThrottlingException',
  'InternalServerException',
] as const satisfies readonly FailureCode[];

/** The errors that an operation can answer with once its caller is known. */
export function errorsOf({ errors }: Pick<Operation, 'errors'>): FailureCode[] {
  return [...new Set([...COMMON_ERRORS, ...errors])];
}

export type OperationInput<Op extends Operation> = z.output<Op['input']>;
export type OperationOutput<Op extends Operation> = z.input<Op['output']>;
