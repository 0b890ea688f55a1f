import type { Operation } from '../../lib/api/operation.ts';
import { type Paginator, paginators } from '../awsModel/model.ts';
import { ERRORS } from '../errorsDoc/texts.ts';

/** The client's operations.ts: rows that lay requests out, the methods, the paged ones, and the names of errors. */
export function operationsModule(rows: readonly Operation[]): string {
  const { pagination } = paginators(rows);
  return [
    "import type { CallOptions, Input, OperationRow, Output } from '../operation.ts';",
    '',
    '/** What the client knows of each operation. */',
    'export const operations = {',
    ...rows.map(row => `  ${row.name}: ${rowText(row, pagination[row.name])},`),
    '} as const satisfies Record<string, OperationRow>;',
    '',
    '/** One method for each operation. Errors that all share, such as ThrottlingException, are not repeated. */',
    'export interface Methods {',
    ...rows.flatMap(methodLines),
    '}',
    '',
    '/** The methods that answer page by page, with their operations. */',
    'export interface PagedMethods {',
    ...Object.keys(pagination).map(name => `  ${methodName(name)}: '${name}';`),
    '}',
    '',
    '/** Every error that the API answers with. */',
    'export type ErrorName =',
    `${Object.keys(ERRORS)
      .map(name => `  | '${name}'`)
      .join('\n')};`,
    '',
  ].join('\n');
}

function rowText(row: Operation, paginator: Paginator | undefined): string {
  const parts = {
    method: row.method,
    path: row.path,
    ...(row.query.length > 0 && { query: row.query }),
    ...(row.access === 'read' && { readOnly: true }),
    ...('clientToken' in row.input.shape && { idempotencyToken: 'clientToken' }),
    ...(paginator && { page: { token: paginator.input_token, items: paginator.result_key } }),
  };
  return JSON.stringify(parts);
}

function methodLines(row: Operation): string[] {
  const mark = row.input.safeParse({}).success ? '?' : '';
  return [
    '  /**',
    `   * ${row.summary}`,
    ...(row.errors.length > 0 ? [`   * @throws SwitchboardError ${row.errors.join(', ')}`] : []),
    '   */',
    `  ${methodName(row.name)}(input${mark}: Input<'${row.name}'>, options?: CallOptions): Promise<Output<'${row.name}'>>;`,
  ];
}

function methodName(operation: string): string {
  return operation.charAt(0).toLowerCase() + operation.slice(1);
}
