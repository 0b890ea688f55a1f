import { checkedBaseUrl } from './baseUrl.ts';
import { type Connection, call } from './call.ts';
import { type CredentialSource, credentialsOf } from './credentials.ts';
import { type Methods, operations, type PagedMethods } from './generated/operations.ts';
import type { CallOptions, Input, OperationRow, Output } from './operation.ts';
import { items, pages } from './paginate.ts';

export interface ClientOptions {
  /** `http://127.0.0.1:4100`, or the URL of the API's stage on AWS. */
  baseUrl: string;
  /** The region to sign for: the server's `AWS_REGION`, or the API's region. */
  region: string;
  credentials: CredentialSource;
  /** `execute-api` when left out, which both the embedded server and API Gateway take. */
  signingName?: string;
  /** The platform's own when left out. */
  fetch?: typeof globalThis.fetch;
  /** How often to try what is safe to repeat, the first time included; 3 when left out. */
  maxAttempts?: number;
  /** Who the audit trail says called. Chromium sends its own whatever this is. */
  userAgent?: string;
  /** Takes `http://` beyond this machine, where anyone on the way reads what is sent. */
  allowInsecureHttp?: boolean;
}

/** Every operation as a method, and those that answer page by page as iterators too. */
export interface SwitchboardClient extends Methods {
  /** The items of all pages, one by one; a page is asked for when its first item is. */
  paginate<M extends keyof PagedMethods>(
    method: M,
    ...args: PagedArguments<M>
  ): AsyncGenerator<Item<M>, void>;
  /** The pages themselves. One may be empty and have a next one. */
  pages<M extends keyof PagedMethods>(
    method: M,
    ...args: PagedArguments<M>
  ): AsyncGenerator<Output<PagedMethods[M]>, void>;
}

type PagedInput<M extends keyof PagedMethods> = Input<PagedMethods[M]>;
type PagedArguments<M extends keyof PagedMethods> =
  Record<never, never> extends PagedInput<M>
    ? [input?: PagedInput<M>, options?: CallOptions]
    : [input: PagedInput<M>, options?: CallOptions];
type ItemsMember<M extends keyof PagedMethods> = (typeof operations)[PagedMethods[M]]['page']['items'];
type Item<M extends keyof PagedMethods> =
  Output<PagedMethods[M]> extends Record<ItemsMember<M>, readonly (infer Each)[]> ? Each : never;

/**
 * A client of a Switchboard, embedded or on AWS. It holds no connection and needs no closing.
 * @throws TypeError for options that cannot work
 */
export function createSwitchboardClient(options: ClientOptions): SwitchboardClient {
  const connection = connectionOf(options);
  const ask =
    (row: OperationRow): Ask =>
    (input = {}, how = {}) =>
      call(connection, row, input, how);
  const methods = Object.fromEntries([...rowsByMethod].map(([name, row]) => [name, ask(row)]));
  const walk = (each: typeof items | typeof pages) => (method: string, input?: object, how?: CallOptions) => {
    const row = rowsByMethod.get(method);
    if (!row?.page) throw new TypeError(`${method} does not answer page by page.`);
    return each(page => ask(row)(page, how), { ...input }, row.page);
  };
  // The methods are made from the rows that their types are generated beside.
  return { ...methods, paginate: walk(items), pages: walk(pages) } as unknown as SwitchboardClient;
}

type Ask = (input?: object, options?: CallOptions) => Promise<Record<string, unknown> | undefined>;

const rowsByMethod: ReadonlyMap<string, OperationRow> = new Map(
  Object.entries(operations).map(([name, row]) => [name.charAt(0).toLowerCase() + name.slice(1), row]),
);

function connectionOf(options: ClientOptions): Connection {
  const { baseUrl, region, credentials, signingName = 'execute-api', maxAttempts = 3, userAgent } = options;
  if (!region) throw new TypeError('region must name the region to sign for, such as us-east-1.');
  if (!credentials) throw new TypeError('credentials must be an access key or a function that gets one.');
  if (!(maxAttempts >= 1)) throw new TypeError('maxAttempts must be at least 1.');
  return {
    baseUrl: checkedBaseUrl(baseUrl, options.allowInsecureHttp ?? false),
    region,
    signingName,
    credentials: credentialsOf(credentials, Date.now),
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    maxAttempts,
    userAgent,
  };
}
