import * as z from 'zod';
import { operation } from '../operation.ts';
import { registrationMembers } from '../schemas/registration.ts';
import { ValidationId, ValidationReport } from '../schemas/validation.ts';

export const ValidateRegistration = operation({
  name: 'ValidateRegistration',
  method: 'POST',
  path: '/v1/register/{service}/validate',
  status: 200,
  input: z.strictObject({ ...registrationMembers, validationId: ValidationId.optional() }),
  output: z.object({
    report: ValidationReport,
    externalId: z.string().meta({ id: 'ExternalId' }).optional(),
  }),
  access: 'write',
  extension: true,
  errors: [],
  summary: 'Runs the checks of RegisterService, reports them step by step and registers nothing.',
});
