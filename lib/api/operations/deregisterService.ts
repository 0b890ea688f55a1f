import * as z from 'zod';
import { operation } from '../operation.ts';
import { nothing } from '../schemas/common.ts';
import { ServiceId } from '../schemas/ids.ts';

export const DeregisterService = operation({
  name: 'DeregisterService',
  method: 'DELETE',
  path: '/v1/services/{serviceId}',
  status: 200,
  input: z.strictObject({ serviceId: ServiceId }),
  output: nothing,
  access: 'write',
  extension: false,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary: 'Deletes a registration that no agent space uses, with its credential.',
});
