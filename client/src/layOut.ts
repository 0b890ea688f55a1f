import { SwitchboardError } from './errors.ts';
import type { OperationRow } from './operation.ts';

/** A request before it is signed: a path with its query, and JSON where there is any. */
export interface LaidOut {
  method: string;
  pathAndQuery: string;
  body?: string;
}

/**
 * Lays an input out as path, query and JSON body. Members that are `undefined` are left out; so are nulls in the
 * query.
 * @throws SwitchboardError ValidationException for a path member that would make the path that of something else
 */
export function layOut(row: OperationRow, input: object): LaidOut {
  const members = new Map<string, unknown>(Object.entries(input));
  const take = (name: string) => {
    const value = members.get(name);
    members.delete(name);
    return value;
  };
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => label(name, take(name)));
  const query = (row.query ?? []).flatMap(name => pairs(name, take(name))).join('&');
  const body = JSON.stringify(Object.fromEntries(members));
  return {
    method: row.method,
    pathAndQuery: query === '' ? path : `${path}?${query}`,
    ...(body !== '{}' && { body }),
  };
}

/** One segment of a path. `.` and `..` cannot be encoded: URLs drop them, however they are spelt. */
function label(name: string, value: unknown): string {
  if (typeof value === 'string' && !['', '.', '..'].includes(value)) return encodeURIComponent(value);
  const problem = value === undefined || value === '' ? 'is required' : 'is not an identifier';
  const fieldList = [{ path: `/${name}`, message: problem }];
  throw new SwitchboardError({ name: 'ValidationException', message: `/${name}: ${problem}`, fieldList });
}

/** A list travels as its name repeated. */
function pairs(name: string, value: unknown): string[] {
  return [value]
    .flat()
    .filter(item => item !== undefined && item !== null)
    .map(item => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`);
}
