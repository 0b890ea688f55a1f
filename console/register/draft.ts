import type { Input } from '../../client/src/index.ts';
import { configurationOf, signedConfigurationOf } from '../credentials/authorization.ts';
import {
  type Credentials,
  type MethodId,
  NO_CREDENTIALS,
  SECRETS,
  serviceOf,
} from '../credentials/fields.ts';

/** Everything that the wizard asks for. */
export interface Draft {
  name: string;
  endpoint: string;
  description: string;
  discovery: boolean;
  /** The flow that was chosen; discovery outranks it. */
  flow: Exclude<MethodId, 'authorizationDiscovery'>;
  credentials: Credentials;
}

export const EMPTY_DRAFT: Draft = {
  name: '',
  endpoint: '',
  description: '',
  discovery: false,
  flow: 'oAuthClientCredentials',
  credentials: NO_CREDENTIALS,
};

export function methodOf({ discovery, flow }: Draft): MethodId {
  return discovery ? 'authorizationDiscovery' : flow;
}

/** Whether a person has to consent first. */
export function needsConsent(method: MethodId): boolean {
  return method === 'oAuth3LO' || method === 'authorizationDiscovery';
}

export function registrationOf(draft: Draft, returnTo: string): Input<'RegisterService'> {
  const { name, endpoint, description, credentials } = draft;
  const method = methodOf(draft);
  const service = serviceOf(method);
  const details = {
    name: name.trim(),
    endpoint: endpoint.trim(),
    ...(description.trim() && { description: description.trim() }),
  };
  if (method === 'sigv4') {
    const authorizationConfig = signedConfigurationOf(credentials);
    return { service, serviceDetails: { mcpserversigv4: { ...details, authorizationConfig } } };
  }
  const authorizationConfig = configurationOf(method, credentials, returnTo);
  return { service, serviceDetails: { mcpserver: { ...details, authorizationConfig } } };
}

const STORED = 'switchboard.register';

/** Keeps a draft while its consent is given elsewhere; its secrets are not kept. */
export function keepDraft(draft: Draft): void {
  const secretless = Object.fromEntries(SECRETS.map(id => [id, '']));
  const customHeaders = draft.credentials.customHeaders.map(header => ({ ...header, value: '' }));
  const credentials = { ...draft.credentials, ...secretless, customHeaders };
  sessionStorage.setItem(STORED, JSON.stringify({ ...draft, credentials }));
}

/** The draft that was kept, once. */
export function takeDraft(): Draft | undefined {
  const kept = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  return kept === null ? undefined : { ...EMPTY_DRAFT, ...(JSON.parse(kept) as Partial<Draft>) };
}
