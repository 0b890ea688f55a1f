import type { Deps } from '../context.ts';
import { type ConsentSettings, loadConsentSettings } from '../oauth/consentSettings.ts';
import { measureFrom } from './measure.ts';
import { once } from './once.ts';
import { environment } from './provided.ts';

/** What the client metadata document needs: settings alone, neither store nor keys. Made at the first request. */
export const clientMetadataDeps = once((): Pick<Deps, 'measure' | 'now'> & { consent: ConsentSettings } => ({
  consent: loadConsentSettings(environment()),
  measure: measureFrom(environment()),
  now: Date.now,
}));
