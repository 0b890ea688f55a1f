import * as z from 'zod';
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
