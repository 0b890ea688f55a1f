import { invalid } from '../api/errors.ts';
import type { ConsentSettings } from './consentSettings.ts';

type Origins = Pick<ConsentSettings, 'consoleOrigins'>;

/** What the browser brings back to the console. */
export type Outcome = { serviceId: string } | { error: string } | { confirmation: string };

/**
 * Refuses a `returnToEndpoint` that is on no console origin; `path` is its JSON Pointer.
 * @throws ValidationException
 */
export function checkReturnTo(returnTo: string, settings: Origins, path: string): void {
  if (allowed(returnTo, settings)) return;
  throw invalid(
    path,
    `must be on one of this deployment's console origins (CONSOLE_ORIGINS): ${settings.consoleOrigins.join(', ')}`,
  );
}

/** Where the browser goes in the end; `undefined` when the origin is not allowed any more. */
export function returnUrl(returnTo: string, outcome: Outcome, settings: Origins): string | undefined {
  const url = allowed(returnTo, settings);
  if (!url) return undefined;
  // Whatever the registration put there, the outcome is ours to tell.
  for (const name of ['serviceId', 'error', 'confirmation']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  return url.href;
}

function allowed(returnTo: string, { consoleOrigins }: Origins): URL | undefined {
  const url = URL.parse(returnTo);
  if (!url || url.username || url.password || !consoleOrigins.includes(url.origin)) return undefined;
  return url;
}
