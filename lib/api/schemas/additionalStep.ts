import * as z from 'zod';
import { SENSITIVE, taggedUnion } from './common.ts';

/** The URL lets whoever opens it go on with the registration: it is as sensitive as a password. */
export const AdditionalServiceRegistrationStep = taggedUnion('AdditionalServiceRegistrationStep', {
  oauth: z
    .strictObject({ authorizationUrl: z.string().meta({ id: 'AuthorizationUrl', ...SENSITIVE }) })
    .meta({ id: 'OAuthAdditionalStepDetails' }),
});
