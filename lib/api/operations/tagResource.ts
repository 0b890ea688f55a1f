import * as z from 'zod';
import { operation } from '../operation.ts';
import { nothing } from '../schemas/common.ts';
import { ResourceArn, Tags } from '../schemas/tags.ts';

export const TagResource = operation({
  name: 'TagResource',
  method: 'POST',
  path: '/tags/{resourceArn}',
  status: 204,
  input: z.strictObject({ resourceArn: ResourceArn, tags: Tags }),
  output: nothing,
  access: 'write',
  extension: false,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary: 'Adds tags to a server or an agent space, or replaces their values.',
});
