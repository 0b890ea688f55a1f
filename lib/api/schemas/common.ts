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

export const KmsKeyArn = z
  .string()
  .min(20)
  .regex(
    /^arn:aws[a-zA-Z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/,
    'must be the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)',
  )
  .meta({ id: 'KmsKeyArn' });

export const Document = z.unknown().meta({ id: 'Document', 'x-document': true });

/** The output of operations that answer with nothing. */
export const nothing = z.object({});
