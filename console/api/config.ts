/** `/console/config.json`: what the console's server tells before anyone signs in. None of it is secret. */
export interface ConsoleConfig {
  region: string;
  accountId: string;
  /** Tools that an agent space may allow. */
  toolsPerSpace: number;
  /** Origin of the console, where consents and sign-ins send browsers back to. */
  publicBaseUrl: string;
  /**
   * Of the API, without a slash at its end. Requests are signed for it and sent to the same path below the console's
   * own origin, which passes them on.
   */
  apiUrl: string;
  /** Of the agents' endpoint, without a slash at its end. */
  agentsUrl: string;
  /** Whether the server prints links that sign in, and ends their sessions. */
  hasSignInLinks: boolean;
  /** Where people sign in; without it, with credentials alone. */
  oidc?: OidcConfig;
}

/** An OpenID Connect provider, and the Cognito identity pool that gives credentials for its id tokens. */
export interface OidcConfig {
  issuer: string;
  clientId: string;
  /** As in a request: separated by spaces. */
  scope: string;
  identityPoolId: string;
  /** Endpoint of Amazon Cognito Federated Identities. */
  identityUrl: string;
}

/** Path that OpenID Connect providers send browsers back to. */
export const CALLBACK = '/console/signed-in';

/** @throws Error when what answers is not the console's server */
export async function loadConfig(): Promise<ConsoleConfig> {
  const response = await fetch('/console/config.json');
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as ConsoleConfig;
}
