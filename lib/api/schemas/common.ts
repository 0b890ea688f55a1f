import * as z from 'zod';

/** Marks a member that the API calls sensitive: it reads HIDDEN_DUE_TO_SECURITY_REASONS in audit events. */
export const SENSITIVE = { 'x-sensitive': true } as const;

/** Letters, numbers, punctuation, symbols and spaces of any script: the API's pattern for free text. */
export const FREE_TEXT = /^[\p{L}\p{N}\p{P}\p{S}\p{Z}]+$/u;

/**
 * A union of the AWS kind: an object of which exactly one member is set. All members are optional in the
 * schema so that an error names the member at fault.
 */
export function taggedUnion<Shape extends z.ZodRawShape>(id: string, shape: Shape) {
  const names = Object.keys(shape);
  return z
    .strictObject(shape)
    .partial()
    .refine(value => Object.values(value).filter(member => member !== undefined).length === 1, {
      error: `exactly one of ${names.join(', ')} must be set`,
    })
    .meta({ id, minProperties: 1, maxProperties: 1, 'x-union': true });
}

export const Timestamp = z.iso.datetime().meta({ id: 'Timestamp', format: 'date-time' });

export const MaxResults = z.coerce
  .number<string | number>('must be a whole number from 1 to 100')
  .int('must be a whole number from 1 to 100')
  .min(1, 'must be at least 1')
  .max(100, 'must be at most 100')
  .meta({ id: 'MaxResults' });

export const NextToken = z.string().min(1).max(2048).meta({ id: 'NextToken' });

export const KmsKeyArn = z
  .string()
  .min(20)
  .regex(
    /^arn:aws[a-zA-Z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/,
    'must be the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)',
  )
  .meta({ id: 'KmsKeyArn' });

export const TagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'may hold letters, numbers, spaces and _ . : / = + - @')
  .refine(key => !key.toLowerCase().startsWith('aws:'), 'must not begin with aws:, which is reserved')
  .meta({ id: 'TagKey' });

export const TagValue = z
  .string()
  .max(256)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'may hold letters, numbers, spaces and _ . : / = + - @')
  .meta({ id: 'TagValue' });

/** 50 is AWS's own limit of user tags on a resource. */
export const MAX_TAGS = 50;

export const Tags = z
  .record(TagKey, TagValue)
  .refine(tags => Object.keys(tags).length <= MAX_TAGS, `at most ${MAX_TAGS} tags`)
  .meta({ id: 'Tags', maxProperties: MAX_TAGS });

export const ResourceArn = z
  .string()
  .regex(
    /^arn:aws:aidevops:[a-z0-9-]+:\d{12}:(agentspace|service|private-connection)\/[a-zA-Z0-9_-]+$/,
    'must be an ARN like arn:aws:aidevops:<region>:<account>:service/<id> or …:agentspace/<id>',
  )
  .meta({ id: 'ResourceArn' });

export const Document = z.unknown().meta({ id: 'Document', 'x-document': true });
