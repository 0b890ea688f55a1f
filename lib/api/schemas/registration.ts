import * as z from 'zod';
import { KmsKeyArn, SENSITIVE } from './common.ts';
import { ServiceName } from './serverMembers.ts';
import { ServiceDetails } from './serviceDetails.ts';
import { PostRegisterServiceSupportedService } from './serviceTypes.ts';
import { Tags } from './tags.ts';

export const PrivateConnectionName = z
  .string()
  .min(3)
  .max(30)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
  .meta({ id: 'PrivateConnectionName' });

export const registrationMembers = {
  service: PostRegisterServiceSupportedService,
  serviceDetails: ServiceDetails,
  kmsKeyArn: KmsKeyArn.optional(),
  privateConnectionName: PrivateConnectionName.optional(),
  targetUrlPrivateConnectionName: PrivateConnectionName.optional(),
  exchangeUrlPrivateConnectionName: PrivateConnectionName.optional(),
  name: ServiceName.optional(),
  tags: Tags.optional(),
};

/** Useless to others than the initiator, but not for the trail to keep. */
export const ConfirmationToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/, 'must be the confirmation that the browser came back with')
  .meta({ id: 'ConfirmationToken', ...SENSITIVE });
