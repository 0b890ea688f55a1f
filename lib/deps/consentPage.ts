import { type ConsentPageDeps, loadConsentSettings } from '../oauth/consentSettings.ts';
import { coreDeps } from './core.ts';
import { once } from './once.ts';
import { environment } from './provided.ts';
import { vault } from './vault.ts';

/** What showing a consent needs, which reaches no server. Made at the process's first such request. */
export const consentPageDeps = once(
  (): ConsentPageDeps => ({
    ...coreDeps(),
    vault: vault(),
    consent: loadConsentSettings(environment()),
  }),
);
