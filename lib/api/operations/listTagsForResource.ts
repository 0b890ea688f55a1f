import * as z from 'zod';
import { operation } from '../operation.ts';
import { ResourceArn, Tags } from '../schemas/tags.ts';

export const ListTagsForResource = operation({
  name: 'ListTagsForResource',
  method: 'GET',
  path: '/tags/{resourceArn}',
  status: 200,
  input: z.strictObject({ resourceArn: ResourceArn }),
  output: z.object({ tags: Tags }),
  access: 'read',
  extension: false,
  errors: ['ResourceNotFoundException'],
  summary: 'Lists the tags of a server or an agent space.',
});
