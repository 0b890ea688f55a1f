import { consentDeps } from '../lib/deps/consent.ts';
import { browserEndpoint } from '../lib/oauth/browserEndpoint.ts';
import { oauthCallback } from '../lib/oauth/callback.ts';
import { completeConsent } from '../lib/services/completeConsent.ts';

/** Open to browsers: `state` and cookie are the only trust. */
export const handler = browserEndpoint('oauthCallback', oauthCallback(completeConsent), consentDeps);
