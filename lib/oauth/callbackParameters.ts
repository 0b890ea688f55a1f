import type { APIGatewayProxyEvent } from 'aws-lambda';
import { scrubServerText } from '../egress/scrub.ts';
import { queryValues } from './consentEvent.ts';

/** What a provider sends the browser back with (RFC 6749 §4.1.2, RFC 9207). Never log it. */
export interface CallbackParameters {
  state?: string;
  code?: string;
  error?: string;
  error_description?: string;
  iss?: string;
}

const NAMES = ['state', 'code', 'error', 'error_description', 'iss'] as const;

/** Longer than any code or description that providers send; `Location` headers end at about 8 KB anyway. */
const MAX_VALUE = 8_192;

/** The parameters, each sent at most once (RFC 6749 §3.1); `undefined` for any other query. */
export function readCallback(event: APIGatewayProxyEvent): CallbackParameters | undefined {
  const parameters: CallbackParameters = {};
  for (const name of NAMES) {
    const [value, ...others] = queryValues(event, name);
    if (others.length > 0 || (value?.length ?? 0) > MAX_VALUE) return undefined;
    if (value) parameters[name] = value;
  }
  return parameters;
}

/** RFC 6749 §4.1.2.1, RFC 8707 and OpenID Connect Core §3.1.2.6; other text is not repeated. */
const KNOWN_ERRORS = [
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_response_type',
];

/** The provider's refusal in a sentence for the operator, its own words scrubbed, of `secrets` that it knows too. */
export function describeError(parameters: CallbackParameters, secrets: readonly string[] = []): string {
  const { error = '', error_description = '', state = '', code = '' } = parameters;
  const known = KNOWN_ERRORS.includes(error) ? error : 'an error that OAuth does not name';
  // Form-encoded: entry points differ in whether they read + as a space.
  const words = scrubServerText(error_description.replaceAll('+', ' '), [
    state,
    code,
    state.split('.')[1] ?? '',
    ...secrets,
  ]);
  return `The authorization server sent the browser back with ${known}${words && `: ${words}`}.`;
}
