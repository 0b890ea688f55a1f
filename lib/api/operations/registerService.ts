import * as z from 'zod';
import { operation } from '../operation.ts';
import { AdditionalServiceRegistrationStep } from '../schemas/additionalStep.ts';
import { KmsKeyArn } from '../schemas/common.ts';
import { ServiceId } from '../schemas/ids.ts';
import { registrationMembers } from '../schemas/registration.ts';
import { Tags } from '../schemas/tags.ts';
import { ValidationWarnings } from '../schemas/validation.ts';

export const RegisterService = operation({
  name: 'RegisterService',
  method: 'POST',
  path: '/v1/register/{service}',
  status: 201,
  input: z.strictObject(registrationMembers),
  output: z.object({
    serviceId: ServiceId.optional(),
    additionalStep: AdditionalServiceRegistrationStep.optional(),
    kmsKeyArn: KmsKeyArn.optional(),
    tags: Tags.optional(),
    warnings: ValidationWarnings.optional(),
  }),
  access: 'write',
  extension: false,
  errors: ['ConflictException', 'ServiceQuotaExceededException'],
  summary: 'Registers an MCP server after proving that it works with the given credential.',
});
