import * as z from 'zod';
import { operation } from '../operation.ts';
import { Validation, ValidationId } from '../schemas/validation.ts';

export const GetValidation = operation({
  name: 'GetValidation',
  method: 'GET',
  path: '/v1/validations/{validationId}',
  status: 200,
  input: z.strictObject({ validationId: ValidationId }),
  output: z.object({ validation: Validation }),
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  summary:
    'Tells which steps of a validation have ended, while it runs and ten minutes from its beginning; the caller chose its id.',
});
