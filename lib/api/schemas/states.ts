import * as z from 'zod';

export const ServiceState = z.enum(['ENABLED', 'DISABLED']).meta({ id: 'ServiceState' });

export const ValidationStatus = z
  .enum(['valid', 'invalid', 'pending-confirmation'])
  .meta({ id: 'ValidationStatus' });
