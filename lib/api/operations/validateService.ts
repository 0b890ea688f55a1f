import * as z from 'zod';
import { operation } from '../operation.ts';
import { ServiceId } from '../schemas/ids.ts';
import { ValidationId, ValidationReport } from '../schemas/validation.ts';

export const ValidateService = operation({
  name: 'ValidateService',
  method: 'POST',
  path: '/v1/services/{serviceId}/validate',
  status: 200,
  input: z.strictObject({ serviceId: ServiceId, validationId: ValidationId.optional() }),
  output: z.object({ report: ValidationReport }),
  access: 'write',
  extension: true,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary: 'Runs the checks again with the stored credential and reports them step by step.',
});
