import { consentPageDeps } from '../lib/deps/consentPage.ts';
import { browserEndpoint } from '../lib/oauth/browserEndpoint.ts';
import { consentVisit } from '../lib/oauth/consentVisit.ts';

/** Open to browsers: whoever holds the ticket sees who asks for what, and goes on to the provider. */
export const handler = browserEndpoint('oauthConsent', consentVisit, consentPageDeps);
