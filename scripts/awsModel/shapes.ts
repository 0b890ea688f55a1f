import * as z from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/** A reference from a member to a shape, as botocore's service models write it. */
export interface MemberRef {
  shape: string;
  location?: 'uri' | 'querystring';
  locationName?: string;
  idempotencyToken?: true;
}

/** A shape of a botocore service model (`service-2.json`). */
export interface Shape {
  type: 'structure' | 'list' | 'map' | 'string' | 'integer' | 'double' | 'boolean' | 'timestamp';
  members?: Record<string, MemberRef>;
  required?: string[];
  union?: true;
  document?: true;
  member?: MemberRef;
  key?: MemberRef;
  value?: MemberRef;
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
  sensitive?: true;
  timestampFormat?: 'iso8601' | 'unixTimestamp';
  exception?: true;
  error?: { httpStatusCode: number; senderFault?: true };
  retryable?: { throttling: boolean };
  fault?: true;
}

/** Collects shapes by name; one name always means one shape. */
export interface ShapeBook {
  shapes: Record<string, Shape>;
  /** Adds a zod object as the structure `name`. `locate` tells which members travel outside the body. */
  addRoot(name: string, schema: z.ZodObject, io: 'input' | 'output', locate?: Locate): void;
  /** @throws Error when `name` already means something else */
  define(name: string, shape: Shape): void;
}

type Locate = (member: string) => MemberRef['location'];

/** An empty book of shapes. Names come from `.meta({ id })`; what has none is named after its place. */
export function createShapeBook(): ShapeBook {
  const shapes: Record<string, Shape> = {};
  const define = (name: string, shape: Shape) => {
    const known = shapes[name];
    if (known && JSON.stringify(known) !== JSON.stringify(shape)) {
      throw new Error(`two different shapes are named ${name}`);
    }
    shapes[name] = shape;
  };
  const addRoot: ShapeBook['addRoot'] = (name, schema, io, locate) => {
    const root = z.toJSONSchema(schema, { io });
    const walk = walker(root.$defs ?? {}, define);
    define(name, structure(name, root, walk, locate));
  };
  return { shapes, addRoot, define };
}

type Walk = (schema: Schema, place: string) => MemberRef;

function walker(defs: Record<string, Schema>, define: ShapeBook['define']): Walk {
  const begun = new Set<string>();
  const walk: Walk = (schema, place) => {
    const id = schema.$ref?.replace('#/$defs/', '');
    const target = id === undefined ? schema : defs[id];
    if (!target) throw new Error(`${place} refers to ${schema.$ref}, which is not defined`);
    const name = id ?? nameOf(target, place);
    const token = target['x-idempotency-token'] ? { idempotencyToken: true as const } : {};
    if (!begun.has(name)) {
      if (id) begun.add(name);
      define(name, shapeOf(name, target, walk));
    }
    return { shape: name, ...token };
  };
  return walk;
}

const SIMPLE = { string: 'String', boolean: 'Boolean', integer: 'Integer', number: 'Double' } as const;
type SimpleType = keyof typeof SIMPLE;

/** Bare simple types share a name, constrained and composed ones are named after their place (as Smithy does). */
function nameOf(schema: Schema, place: string): string {
  const simple = SIMPLE[schema.type as SimpleType];
  if (!simple) return place;
  const bare = Object.keys(constraintsOf(schema)).length === 0;
  return bare ? simple : `${place}${simple}`;
}

function shapeOf(name: string, schema: Schema, walk: Walk): Shape {
  if (schema['x-document']) return { type: 'structure', members: {}, document: true };
  if (schema['x-timestamp']) return { type: 'timestamp', timestampFormat: 'unixTimestamp' };
  if (schema.format === 'date-time') return { type: 'timestamp', timestampFormat: 'iso8601' };
  if (schema.type === 'array') return list(name, schema, walk);
  if (schema.type === 'object') {
    return schema.propertyNames ? map(name, schema, walk) : structure(name, schema, walk);
  }
  if (!SIMPLE[schema.type as SimpleType]) throw new Error(`${name} has no counterpart in a service model`);
  const type = schema.type === 'number' ? 'double' : (schema.type as 'string' | 'boolean' | 'integer');
  return { type, ...constraintsOf(schema) };
}

function structure(name: string, schema: Schema, walk: Walk, locate?: Locate): Shape {
  const members: Record<string, MemberRef> = {};
  for (const [member, value] of Object.entries(schema.properties ?? {})) {
    const location = locate?.(member);
    const ref = walk(value as Schema, name + capitalised(member));
    members[member] = location ? { ...ref, location, locationName: member } : ref;
  }
  return {
    type: 'structure',
    ...(schema.required?.length && { required: schema.required }),
    members,
    ...(schema['x-union'] === true && { union: true as const }),
  };
}

function list(name: string, schema: Schema, walk: Walk): Shape {
  const member = walk(schema.items as Schema, `${name}Member`);
  return { type: 'list', member, ...bounds(schema.minItems, schema.maxItems) };
}

function map(name: string, schema: Schema, walk: Walk): Shape {
  return {
    type: 'map',
    key: walk(schema.propertyNames as Schema, `${name}Key`),
    value: walk(schema.additionalProperties as Schema, `${name}Value`),
    ...bounds(schema.minProperties, schema.maxProperties),
  };
}

function constraintsOf(schema: Schema): Partial<Shape> {
  return {
    ...(schema.enum && { enum: schema.enum as string[] }),
    ...bounds(schema.minLength ?? schema.minimum, schema.maxLength ?? schema.maximum),
    ...(schema.pattern && { pattern: patternOf(schema.pattern) }),
    ...(schema['x-sensitive'] === true && { sensitive: true as const }),
  };
}

/** Bounds that say something: zod writes the safe integers' where a schema has none. */
function bounds(min: number | undefined, max: number | undefined): Partial<Shape> {
  return {
    ...(min !== undefined && min > Number.MIN_SAFE_INTEGER && { min }),
    ...(max !== undefined && max < Number.MAX_SAFE_INTEGER && { max }),
  };
}

/** Service models mean the whole value without saying so, and need no escaped slash. */
function patternOf(source: string): string {
  return source.replace(/^\^/, '').replace(/\$$/, '').replaceAll('\\/', '/');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
