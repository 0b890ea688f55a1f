import * as z from 'zod';
import { ACCESS_TOKENS } from '../identity/accessTokenText.ts';
import { cut, ELLIPSIS, HIDDEN } from './marks.ts';

/** Characters of one string: an endpoint URL (2,048, by its schema) is recorded in full. */
const MAX_STRING = 2048;

export interface Redacted {
  /** What may be recorded: JSON. */
  shown: unknown;
  /** Strings of the value that are not in `shown`, so that messages can be cleaned of them too. */
  withheld: string[];
}

type Schema = z.core.$ZodType;
type Withhold = (value: unknown) => void;

/**
 * The part of a value that its schema knows and does not mark `x-sensitive`. Copies only strings, numbers
 * and booleans that their own schema accepts; anything else is dropped or named by its type, since a secret
 * may sit under a misspelt name or in the wrong member. Takes raw input (best: it is what the caller sent)
 * and parsed input alike.
 */
export function redact(schema: Schema, value: unknown): Redacted {
  const withheld: string[] = [];
  const shown = walk(schema, value, hidden => collectStrings(hidden, withheld));
  return { shown, withheld };
}

function walk(schema: Schema, value: unknown, withhold: Withhold): unknown {
  if (value === undefined || value === null) return value;
  if (isSensitive(schema)) {
    withhold(value);
    return HIDDEN;
  }
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return walk(def.innerType, value, withhold);
    case 'lazy':
      return walk(def.getter(), value, withhold);
    case 'pipe':
      return walk(def.in, value, withhold);
    case 'object':
      return walkMembers(value, name => memberOf(def.shape, name), withhold);
    case 'record':
      return walkMembers(value, name => valueTypeOf(def, name), withhold);
    case 'array':
      return Array.isArray(value)
        ? value.map(item => walk(def.element, item, withhold) ?? null)
        : refuse(value, withhold);
    case 'union':
      return walkUnion(def.options, value, withhold);
    case 'string':
    case 'template_literal':
      return leaf(schema, value, ['string'], withhold);
    case 'number':
      // Numbers of a query string arrive as text, which only a coercing schema accepts.
      return leaf(schema, value, ['number', 'string'], withhold);
    case 'boolean':
      return leaf(schema, value, ['boolean'], withhold);
    case 'enum':
    case 'literal':
      return leaf(schema, value, ['string', 'number', 'boolean'], withhold);
    default:
      return refuse(value, withhold);
  }
}

function walkMembers(
  value: unknown,
  schemaOf: (name: string) => Schema | undefined,
  withhold: Withhold,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(value, withhold);
  const known: [string, unknown][] = [];
  let unknown = 0;
  for (const [name, member] of Object.entries(value)) {
    const schema = schemaOf(name);
    if (schema) {
      known.push([name, walk(schema, member, withhold)]);
    } else {
      withhold({ [name]: member });
      unknown++;
    }
  }
  if (unknown > 0) known.push([ELLIPSIS, `${unknown} unknown, not recorded`]);
  return Object.fromEntries(known);
}

function memberOf(shape: Readonly<Record<string, Schema>>, name: string): Schema | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

/** Names that a record makes up are content too: they must be what its key schema takes. */
function valueTypeOf(def: z.core.$ZodRecordDef, name: string): Schema | undefined {
  return !isSensitive(def.keyType) && accepts(def.keyType, name) ? def.valueType : undefined;
}

/** Where several options take the value, each of them has to let a part through. */
function walkUnion(options: readonly Schema[], value: unknown, withhold: Withhold): unknown {
  const taking = options.filter(option => accepts(option, value));
  if (taking.length === 0) return refuse(value, withhold);
  return taking.reduce((shown, option) => walk(option, shown, withhold), value);
}

function leaf(schema: Schema, value: unknown, types: string[], withhold: Withhold): unknown {
  if (!types.includes(typeof value) || !accepts(schema, value)) return refuse(value, withhold);
  return typeof value === 'string' ? cut(withoutTokens(value, withhold), MAX_STRING) : value;
}

/** Access tokens can be told from other text: pasted into a name or a tag, they are not recorded either. */
function withoutTokens(text: string, withhold: Withhold): string {
  return text.replaceAll(ACCESS_TOKENS, token => {
    withhold(token);
    return HIDDEN;
  });
}

function refuse(value: unknown, withhold: Withhold): string {
  withhold(value);
  return `<${Array.isArray(value) ? 'list' : typeof value}, not recorded>`;
}

/** Marked itself, or by what it wraps, converts to or may turn out to be. */
function isSensitive(schema: Schema): boolean {
  if (z.globalRegistry.get(schema)?.['x-sensitive'] === true) return true;
  const def = schema._zod.def as { innerType?: Schema; in?: Schema; out?: Schema; options?: Schema[] };
  const within = [def.innerType, def.in, def.out, ...(def.options ?? [])];
  return within.some(inner => inner !== undefined && isSensitive(inner));
}

function accepts(schema: Schema, value: unknown): boolean {
  try {
    return z.safeParse(schema, value).success;
  } catch {
    return false;
  }
}

/** Iterative: what is withheld has no schema that bounds its depth. */
function collectStrings(value: unknown, strings: string[]): void {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') strings.push(next);
    else if (typeof next === 'object' && next !== null) {
      if (!Array.isArray(next)) strings.push(...Object.keys(next));
      for (const member of Object.values(next)) waiting.push(member);
    }
  }
}
