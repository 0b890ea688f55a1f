import type * as z from 'zod';
import { ApiError, type FieldError, invalidFields } from './errors.ts';
import type { Operation, OperationInput } from './operation.ts';
import { pointerToken } from './request.ts';

/**
 * Parses an operation's input through its schema.
 * @throws ValidationException with one entry per problem, or the operation's own error for that field
 */
export function parseInput<Op extends Operation>(operation: Op, raw: unknown): OperationInput<Op> {
  const parsed = operation.input.safeParse(raw, { jitless: true });
  if (parsed.success) return parsed.data as OperationInput<Op>;
  const fields = parsed.error.issues.flatMap(toFields);
  throw ownError(operation, fields) ?? invalidFields(fields);
}

function ownError({ fieldErrors = {} }: Operation, fields: FieldError[]): ApiError | undefined {
  for (const field of fields) {
    const member = field.path.split('/')[1] ?? '';
    // Names come from the request: one like `constructor` must not find what every object has.
    const code = Object.hasOwn(fieldErrors, member) ? fieldErrors[member] : undefined;
    if (code) return new ApiError({ code, message: `${member} ${field.message}.` });
  }
  return undefined;
}

function toFields(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(part => `/${pointerToken(String(part))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(name => ({
      path: `${path}/${pointerToken(name)}`,
      message: 'is not a member of the request',
    }));
  }
  return [{ path, message: messageOf(issue) }];
}

/** People read these; zod's own words are kept where the schema gave none. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return typeMessage(issue);
  if (issue.code === 'too_small') return `${boundOf(issue, 'short')}at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `${boundOf(issue, 'long')}at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'is not a valid name';
  return issue.message;
}

/** Texts and lists are long or short; numbers are not. */
function boundOf({ origin }: { origin: string }, what: 'short' | 'long'): string {
  return origin === 'number' || origin === 'int' ? 'must be ' : `is too ${what}: `;
}

function typeMessage(issue: z.core.$ZodIssueInvalidType): string {
  return issue.input === undefined && issue.message.includes('undefined')
    ? 'is required'
    : `must be ${article(issue.expected)}`;
}

function article(type: string): string {
  if (type === 'record') return 'an object';
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
