import type { Statement } from '../../../infra/cloudformation.ts';

/** A request as IAM sees it. */
export interface IamRequest {
  /** Such as `dynamodb:GetItem`. */
  action: string;
  /** Part of the resource's ARN, as the statements spell it. */
  resource: (resource: Statement['Resource']) => boolean;
  /** Condition keys and their values; several of a multivalued key. */
  context: Record<string, string | readonly string[] | undefined>;
}

type Test = (found: string, wanted: readonly string[]) => boolean;

const OPERATORS: Record<string, Test> = {
  StringEquals: (found, wanted) => wanted.includes(found),
  StringLike: (found, wanted) => wanted.some(pattern => like(pattern).test(found)),
};

/** A pattern of IAM: `*` stands for anything, `?` for one character. */
export function like(pattern: string): RegExp {
  const parts = pattern
    .split(/([*?])/)
    .map(part => ({ '*': '.*', '?': '.' })[part] ?? part.replace(/[\\^$.|+()[\]{}/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('')}$`, 's');
}

/**
 * Whether statements allow a request: as IAM evaluates identity policies that only allow.
 * @throws Error for a condition operator that is not known here: a policy must not pass for want of reading it
 */
export function isAllowed(statements: readonly Statement[], request: IamRequest): boolean {
  return statements.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.includes(request.action) &&
      request.resource(Resource) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, request.context[key], wanted)),
      ),
  );
}

function holds(operator: string, found: string | readonly string[] | undefined, wanted: unknown): boolean {
  if (operator === 'Null') return (found === undefined) === (String(wanted) === 'true');
  const [quantifier, name = ''] = operator.includes(':') ? operator.split(':') : ['', operator];
  const test = OPERATORS[name];
  if (!test || !['', 'ForAllValues'].includes(quantifier ?? ''))
    throw new Error(`Unknown condition: ${operator}`);
  const values = [found ?? []].flat() as string[];
  if (quantifier === '' && values.length !== 1) return false;
  return values.every(value => test(value, [wanted].flat().map(String)));
}
