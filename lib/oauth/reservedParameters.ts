import { invalid } from '../api/errors.ts';
import { pointerToken } from '../api/request.ts';

/** Parameters of token requests that belong to the protocol: `exchangeParameters` cannot stand in for them. */
export const RESERVED_PARAMETERS: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'scope',
  'code',
  'code_verifier',
  'redirect_uri',
  'refresh_token',
  'resource',
]);

/**
 * Refuses `exchangeParameters` that name a reserved one; `path` is their JSON Pointer.
 * @throws ValidationException
 */
export function refuseReservedParameters(parameters: Readonly<Record<string, string>>, path: string): void {
  const name = Object.keys(parameters).find(key => RESERVED_PARAMETERS.has(key));
  if (name === undefined) return;
  throw invalid(`${path}/${pointerToken(name)}`, 'is set by the protocol itself: leave it out');
}

/** The parameters that are the client's own. */
export function withoutReserved(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !RESERVED_PARAMETERS.has(name)));
}
