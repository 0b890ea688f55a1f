import type { operations as OperationTypes } from './generated/openapi.ts';
import type { operations } from './generated/operations.ts';

/** What lays a request out, and what may be done with it. */
export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{label}` segments are members of the input. */
  readonly path: string;
  /** Members that travel in the query string; what is neither label nor query is the JSON body. */
  readonly query?: readonly string[];
  readonly readOnly?: true;
  /** The member that makes repeating a request harmless. */
  readonly idempotencyToken?: string;
  /** Of operations that answer page by page: the members that hold the next page's token and the items. */
  readonly page?: { readonly token: string; readonly items: string };
}

export type OperationName = keyof typeof operations;

/** What every method takes beside its input. */
export interface CallOptions {
  /** Ends the call, waiting between attempts included. `AbortSignal.timeout(ms)` bounds it in time. */
  signal?: AbortSignal;
}

/** A call's input: path, query and body members side by side, as the AWS SDKs have them. */
export type Input<N extends OperationName> = Simplify<
  PartOf<OperationTypes[N]['parameters']['path']> &
    PartOf<OperationTypes[N]['parameters']['query']> &
    BodyOf<OperationTypes[N]['requestBody']>
>;

/** A call's answer, as it is on the wire: times are ISO 8601 text, in LookupEvents epoch seconds. */
export type Output<N extends OperationName> = SuccessOf<OperationTypes[N]['responses']>;

// What OpenAPI says an operation has none of is `never`, optional or not.
type PartOf<Part> = [NonNullable<Part>] extends [never] ? unknown : NonNullable<Part>;
type BodyOf<Body> = [NonNullable<Body>] extends [never] ? unknown : ContentOf<NonNullable<Body>>;
type ContentOf<Message> = Message extends { content: { 'application/json': infer Json } }
  ? Json
  : Message extends { content: { 'application/x-amz-json-1.1': infer Json } }
    ? Json
    : never;
type SuccessOf<Responses> = Responses extends { 200: infer Success } | { 201: infer Success }
  ? ContentOf<Success>
  : // A 204 has no body.
    undefined;
type Simplify<T> = { [K in keyof T]: T[K] };
