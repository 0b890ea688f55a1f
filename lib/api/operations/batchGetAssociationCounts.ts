import * as z from 'zod';
import { operation } from '../operation.ts';
import { ServiceId } from '../schemas/ids.ts';

export const BatchGetAssociationCounts = operation({
  name: 'BatchGetAssociationCounts',
  method: 'POST',
  path: '/v1/services/association-counts',
  status: 200,
  input: z.strictObject({
    serviceIds: z.array(ServiceId).min(1).max(25).meta({ id: 'ServiceIdList' }),
  }),
  output: z.object({
    associationCounts: z
      .array(z.object({ serviceId: ServiceId, associationCount: z.int() }).meta({ id: 'AssociationCount' }))
      .meta({ id: 'AssociationCountsList' }),
  }),
  access: 'read',
  extension: true,
  errors: [],
  summary:
    'Tells how many agent spaces use each of some registered servers; those that are none are left out.',
});
