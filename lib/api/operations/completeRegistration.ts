import * as z from 'zod';
import { operation } from '../operation.ts';
import { ServiceId } from '../schemas/ids.ts';
import { ConfirmationToken } from '../schemas/registration.ts';
import { PostRegisterServiceSupportedService } from '../schemas/serviceTypes.ts';
import { ValidationWarnings } from '../schemas/validation.ts';

export const CompleteRegistration = operation({
  name: 'CompleteRegistration',
  method: 'POST',
  path: '/v1/register/{service}/complete',
  status: 200,
  input: z.strictObject({
    service: PostRegisterServiceSupportedService,
    confirmationToken: ConfirmationToken,
  }),
  output: z.object({ serviceId: ServiceId, warnings: ValidationWarnings.optional() }),
  access: 'write',
  extension: true,
  errors: ['ResourceNotFoundException', 'ConflictException', 'ServiceQuotaExceededException'],
  summary:
    'Completes a registration or an update that was consented to, where whoever began it has to confirm it.',
});
