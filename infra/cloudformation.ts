/** A CloudFormation intrinsic such as `{ Ref }`. */
export type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': [string, string] }
  | { 'Fn::Join': [string, Value[]] }
  | { 'Fn::Select': [number, { 'Fn::Split': [string, Value] }] };

export type Value = string | Intrinsic;

/** A resource of a CloudFormation template. */
export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: 'Retain';
  UpdateReplacePolicy?: 'Retain';
  DependsOn?: string[];
}

/** A statement of an IAM policy. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: Record<string, Value>;
  Action: readonly string[];
  Resource: Value | readonly Value[];
  Condition?: Record<string, Record<string, unknown>>;
}

export const ref = (name: string): Intrinsic => ({ Ref: name });
export const attribute = (name: string, member: string): Intrinsic => ({ 'Fn::GetAtt': [name, member] });
export const join = (...parts: Value[]): Intrinsic => ({ 'Fn::Join': ['', parts] });

/** The origin of a URL that ends with a slash. */
export const originOf = (url: Value): Intrinsic =>
  join('https://', { 'Fn::Select': [2, { 'Fn::Split': ['/', url] }] });

/** JSON whose strings may be intrinsics: they must stand for text that needs no escapes, as URLs and ids do. */
export function jsonText(members: Record<string, Json>): Intrinsic {
  return join(...pieces(members));
}

type Json = Value | number | boolean | { [member: string]: Json };

function pieces(value: Json): Value[] {
  if (typeof value !== 'object') return [JSON.stringify(value)];
  if (isIntrinsic(value)) return ['"', value, '"'];
  const members = Object.entries(value).flatMap(([name, member], n) => [
    `${n === 0 ? '' : ','}${JSON.stringify(name)}:`,
    ...pieces(member),
  ]);
  return ['{', ...members, '}'];
}

function isIntrinsic(value: object): value is Intrinsic {
  return Object.keys(value).some(name => name === 'Ref' || name.startsWith('Fn::'));
}

/** An ARN in the deployment's partition, region and account. */
export const arn = (service: string, ...resource: Value[]): Intrinsic =>
  join(
    'arn:',
    ref('AWS::Partition'),
    `:${service}:`,
    ref('AWS::Region'),
    ':',
    ref('AWS::AccountId'),
    ':',
    ...resource,
  );
