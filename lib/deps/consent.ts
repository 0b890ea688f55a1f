import { type ConsentDeps, loadConsentSettings } from '../oauth/consentSettings.ts';
import { once } from './once.ts';
import { environment } from './provided.ts';
import { serverDeps } from './server.ts';

/** What the consent of a person needs, made at the process's first such request. */
export const consentDeps = once(
  (): ConsentDeps => ({ ...serverDeps(), consent: loadConsentSettings(environment()) }),
);
