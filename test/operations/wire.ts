import { expect } from 'vitest';
import facts from '../fixtures/devops-agent-api.json' with { type: 'json' };
import { DEVIATIONS } from '../unit/api/deviations.ts';

interface Member {
  shape: string;
  required?: boolean;
}

interface Shape {
  type: string;
  members?: Record<string, Member>;
  of?: string;
  key?: string;
  value?: string;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
}

const shapes = facts.shapes as unknown as Record<string, Shape>;
const publicOperations: Record<string, { output: string }> = facts.operations;

/** Members of ours, and facts of members, that the closed list of deviations names. */
const deviations = new Set(DEVIATIONS.map(([at, what]) => `${at}: ${what}`));

/** A success's body has the members, types, bounds and patterns of the public API, and ours that are listed. */
export function expectWire(operation: string, body: unknown): void {
  const output = publicOperations[operation]?.output;
  if (!output) throw new Error(`${operation} is not a public operation`);
  expect(problems(output, body ?? {}, `${operation}Output`)).toEqual([]);
}

function problems(name: string, value: unknown, at: string): string[] {
  const shape = shapes[name];
  if (!shape) return [`${at}: the fixture lacks ${name}`];
  switch (shape.type) {
    case 'structure':
    case 'union':
      return structure(shape, name, value, at);
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((item, index) => problems(shape.of ?? '', item, `${at}[${index}]`))
        : [`${at}: not a list`];
    case 'map':
      return Object.values(value as object).flatMap(item => problems(shape.value ?? '', item, `${at}.*`));
    case 'string':
      return text(shape, name, value, at);
    case 'timestamp':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)) ? [] : [`${at}: not a date`];
    case 'boolean':
    case 'integer':
      return typeof value === (shape.type === 'boolean' ? 'boolean' : 'number') ? [] : [`${at}: type`];
    default:
      return [];
  }
}

function structure(shape: Shape, name: string, value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: not an object`];
  const given = value as Record<string, unknown>;
  const members = shape.members ?? {};
  const missing = Object.entries(members).flatMap(([member, { required }]) =>
    required && given[member] === undefined ? [`${at}: lacks ${member}`] : [],
  );
  const wrong = Object.entries(given).flatMap(([member, part]) => {
    const known = members[member];
    if (known) return problems(known.shape, part, `${at}.${member}`);
    const names = [`${name}.${member}`, `${at}.${member}`];
    return names.some(place => deviations.has(`${place}: extra member`)) ? [] : [`${at}: has ${member}`];
  });
  const many = shape.type === 'union' && Object.keys(given).length !== 1 ? [`${at}: not one member`] : [];
  return [...missing, ...wrong, ...many];
}

function text(shape: Shape, name: string, value: unknown, at: string): string[] {
  if (typeof value !== 'string') return [`${at}: not text`];
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern, enum: values } = shape;
  if (value.length < min || value.length > max) return [`${at}: length`];
  if (values && !values.includes(value)) return [`${at}: not of the enumeration`];
  if (deviations.has(`${name}: pattern`)) return [];
  return !pattern || new RegExp(pattern, 'u').test(value) ? [] : [`${at}: pattern`];
}
