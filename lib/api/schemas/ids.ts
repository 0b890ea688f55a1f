import * as z from 'zod';

export const ServiceId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9_-]+$/, 'may hold letters, digits, _ and -')
  .meta({ id: 'ServiceId' });

export const AgentSpaceId = z
  .string()
  .regex(/^[a-zA-Z0-9-]{1,64}$/, 'may hold letters, digits and -, at most 64')
  .meta({ id: 'AgentSpaceId' });

export const AssociationId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9-]+$/, 'may hold letters, digits and -')
  .meta({ id: 'AssociationId' });

/** Public: it is in lists and events. The token's own text does not fit, so pasting that is refused unrecorded. */
export const AccessTokenId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'must be an id from ListAccessTokens: 32 digits and letters from a to f')
  .meta({ id: 'AccessTokenId' });
