import * as z from 'zod';
import { operation } from '../operation.ts';
import { AdditionalServiceRegistrationStep } from '../schemas/additionalStep.ts';
import { ServiceId } from '../schemas/ids.ts';
import { RegisteredService } from '../schemas/registeredService.ts';
import { UpdateServiceDetails } from '../schemas/serviceDetails.ts';
import { ServiceState } from '../schemas/states.ts';
import { ValidationId, ValidationWarnings } from '../schemas/validation.ts';

export const UpdateService = operation({
  name: 'UpdateService',
  method: 'PATCH',
  path: '/v1/services/{serviceId}',
  status: 200,
  input: z.strictObject({
    serviceId: ServiceId,
    description: z
      .string()
      .max(500)
      .regex(/^[\p{L}\p{N}\p{P}\p{S}\p{Z}]*$/u, 'must not hold control characters')
      .meta({ id: 'UpdateServiceDescription', 'x-sensitive': true })
      .optional(),
    state: ServiceState.optional(),
    serviceDetails: UpdateServiceDetails.optional(),
    validationId: ValidationId.optional(),
  }),
  output: z.object({
    service: RegisteredService,
    additionalStep: AdditionalServiceRegistrationStep.optional(),
    warnings: ValidationWarnings.optional(),
  }),
  access: 'write',
  extension: true,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary:
    'Replaces the credential of a registered server after proving it, changes its description, or disables or enables it.',
});
