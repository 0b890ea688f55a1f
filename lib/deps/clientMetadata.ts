import type { Deps } from '../context.ts';
import { type ConsentSettings, loadConsentSettings } from '../oauth/consentSettings.ts';
import { coreDeps } from './core.ts';
import { once } from './once.ts';
import { environment } from './provided.ts';

/** What the client metadata document needs: nothing that reaches a server, so that it is there at once. */
export const clientMetadataDeps = once((): Deps & { consent: ConsentSettings } => ({
  ...coreDeps(),
  consent: loadConsentSettings(environment()),
}));
