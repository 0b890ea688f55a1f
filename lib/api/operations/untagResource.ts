import * as z from 'zod';
import { operation } from '../operation.ts';
import { nothing } from '../schemas/common.ts';
import { ResourceArn, TagKey } from '../schemas/tags.ts';

export const UntagResource = operation({
  name: 'UntagResource',
  method: 'DELETE',
  path: '/tags/{resourceArn}',
  query: ['tagKeys'],
  status: 204,
  input: z.strictObject({
    resourceArn: ResourceArn,
    tagKeys: z.array(TagKey).min(1).max(50).meta({ id: 'TagKeyList' }),
  }),
  output: nothing,
  access: 'write',
  extension: false,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary: 'Removes tags from a server or an agent space.',
});
