import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operationList } from '../../lib/api/operations.ts';

// docs/decisions/0005-unknown-members-are-refused.md
describe.each(operationList.map(operation => [operation.name, operation] as const))('%s', (_, operation) => {
  it('takes no unknown member, at any depth', () => {
    const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' });
    expect(openShapes(schema, '')).toEqual([]);
  });
});

/** Paths of the objects with named members that would take others too. */
function openShapes(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const isOpen =
    'properties' in schema && !('additionalProperties' in schema && schema.additionalProperties === false);
  const below = Object.entries(schema).flatMap(([name, part]) => openShapes(part, `${path}/${name}`));
  return isOpen ? [path, ...below] : below;
}
