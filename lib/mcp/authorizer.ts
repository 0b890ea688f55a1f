import { secretsOf } from './credentialSecrets.ts';

/** A request that is about to leave for a server. */
export interface OutgoingRequest {
  method: string;
  /** The endpoint as it was registered. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

/** Puts a credential onto the requests to one server. */
export interface RequestAuthorizer {
  /** Headers that carry the credential, lower case: egress drops them on a change of origin. */
  headerNames: readonly string[];
  /**
   * The headers that let this very request in, their names in lower case.
   * @throws McpError of step `credential` where none can be had
   */
  authorize(request: OutgoingRequest): Promise<Readonly<Record<string, string>>>;
  /** Told of a 401: whether the same request is worth one more try with fresh headers. */
  renew?(): Promise<boolean>;
  /** Told of a 403, whose body is not to be read: whether the same request is worth one more try. */
  forbidden?(refusal: Response): Promise<boolean>;
  /** What must not be shown of the server's text, as of now. */
  secrets(): readonly string[];
}

/** The same headers on every request: API keys and bearer tokens. */
export function staticAuthorizer(headers: Readonly<Record<string, string>>): RequestAuthorizer {
  const secrets = secretsOf(headers);
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const authorized = Promise.resolve(given);
  return {
    headerNames: Object.keys(given),
    authorize: () => authorized,
    secrets: () => secrets,
  };
}
