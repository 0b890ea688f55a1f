import * as z from 'zod';
import { operation } from '../operation.ts';
import { ServiceId } from '../schemas/ids.ts';
import { RegisteredService } from '../schemas/registeredService.ts';
import { ResourceArn, Tags } from '../schemas/tags.ts';
import { KeptValidationReport } from '../schemas/validation.ts';

export const GetService = operation({
  name: 'GetService',
  method: 'GET',
  path: '/v1/services/{serviceId}',
  status: 200,
  input: z.strictObject({ serviceId: ServiceId }),
  output: z.object({
    service: RegisteredService,
    tags: Tags.optional(),
    arn: ResourceArn,
    validationReport: KeptValidationReport.optional(),
  }),
  access: 'read',
  extension: false,
  errors: ['ResourceNotFoundException'],
  summary: 'Describes a registered server; credentials are never part of it.',
});
