/** A CloudFormation intrinsic such as `{ Ref }`. */
export type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': [string, string] }
  | { 'Fn::Join': [string, Value[]] };

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
