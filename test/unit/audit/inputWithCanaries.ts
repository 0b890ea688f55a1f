import * as fc from 'fast-check';
import * as z from 'zod';

/** No schema's own value: it must not show where it was not placed in a plain text member. */
export const CANARY = 'c4n4ry~5ecret/value';

type Schema = z.core.$ZodType;

/**
 * Input as a careless or hostile caller sends it: valid members beside sensitive ones, unknown ones and ones of
 * wrong types, each of which holds the canary.
 */
export function inputWithCanaries(schema: Schema): fc.Arbitrary<unknown> {
  if (marked(schema)) return canaryOfAnyType;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
      return inputWithCanaries(def.innerType);
    case 'pipe':
      return inputWithCanaries(def.in);
    case 'object':
      return members(def.shape);
    case 'array':
      return fc.oneof(fc.array(inputWithCanaries(def.element), { maxLength: 4 }), canaryUnless(schema));
    case 'record':
      return fc.oneof(entries(def.keyType, def.valueType), canaryUnless(schema));
    case 'unknown':
      return canaryOfAnyType;
    default:
      return fc.oneof(fc.constantFrom(...samples(schema)), canaryUnless(schema));
  }
}

const CANARIES: unknown[] = [
  CANARY,
  `\u0007${CANARY}`,
  [CANARY],
  { [CANARY]: CANARY },
  { deep: [{ deeper: CANARY }] },
];

const canaryOfAnyType: fc.Arbitrary<unknown> = fc.constantFrom(...CANARIES);

function members(shape: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const known = Object.fromEntries(
    Object.entries(shape).map(([name, member]) => [name, inputWithCanaries(member)]),
  );
  return fc.oneof(
    { weight: 8, arbitrary: withUnknown(fc.record(known, { requiredKeys: [] })) },
    { weight: 1, arbitrary: canaryOfAnyType },
  );
}

function withUnknown(known: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const unknown = fc.dictionary(fc.constantFrom('apiKeyVale', 'descripton', CANARY), canaryOfAnyType);
  return fc.tuple(known, unknown).map(([first, second]) => ({ ...first, ...second }));
}

function entries(keyType: Schema, valueType: Schema): fc.Arbitrary<unknown> {
  const names = ['a', 'X-Key', `\u0007${CANARY}`].filter(
    name => !name.includes(CANARY) || !z.safeParse(keyType, name).success,
  );
  return fc.dictionary(fc.constantFrom(...names), inputWithCanaries(valueType));
}

/** The canary in every form that the schema does not take. */
function canaryUnless(schema: Schema): fc.Arbitrary<unknown> {
  return fc.constantFrom(...CANARIES.filter(value => !z.safeParse(schema, value).success));
}

/** Values that some member or other takes. */
function samples(schema: Schema): unknown[] {
  const candidates = ['plain', 'mcpserver', 'true', '7', 7, true, 'https://mcp.example.com/mcp', 'plain-1'];
  const taken = candidates.filter(value => z.safeParse(schema, value).success);
  return taken.length > 0 ? taken : [null];
}

function marked(schema: Schema): boolean {
  return (schema as z.ZodType).meta()?.['x-sensitive'] === true;
}
