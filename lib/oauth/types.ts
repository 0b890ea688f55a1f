import type { Egress } from '../egress/types.ts';
import type { ValidationWarning } from '../mcp/types.ts';

/** How a client proves itself at the token endpoint (RFC 6749 §2.3, RFC 8414). */
export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none';

/** What the token endpoint is asked with. */
export interface OAuthClient {
  clientId: string;
  clientSecret?: string | undefined;
  /** The token endpoint. */
  exchangeUrl: string;
  scopes: readonly string[];
  /** Further parameters of token requests; they never override the protocol's own. */
  exchangeParameters: Readonly<Record<string, string>>;
  /** Resource indicator (RFC 8707). */
  resource?: string | undefined;
  /** Known from discovery; negotiated when left out. */
  authMethod?: ClientAuthMethod | undefined;
}

/** What a token endpoint granted. Never log it. */
export interface TokenSet {
  accessToken: string;
  /** Epoch milliseconds; left out when the server did not say. */
  expiresAt?: number;
  refreshToken?: string;
  /** As granted, when the server said so. */
  scopes?: readonly string[];
}

/** A grant, with what the operator should know (scopes reduced, `offline_access` refused). */
export interface Grant {
  tokens: TokenSet;
  /** How the client proved itself in the end. */
  authMethod: ClientAuthMethod;
  warnings: ValidationWarning[];
}

/** What token requests need of the world. */
export interface TokenDeps {
  accountId: string;
  egress: Egress;
  /** Epoch milliseconds. */
  now: () => number;
  signal?: AbortSignal;
}

/** Whoever holds the tokens of one server: in memory before it is registered, in the table after. */
export interface TokenHolder {
  /** A token that is good now; got or refreshed first where needed, once however many callers wait. */
  current(): Promise<TokenSet>;
  /** The server refused `rejected`: whether another token could be had. */
  replace(rejected: TokenSet): Promise<boolean>;
  /** The server wants more scopes than `sent` has: whether there is another token. */
  lacks?(sent: TokenSet, scopes: readonly string[]): Promise<boolean>;
  /** Tokens seen so far and the client's secret: never to be shown. */
  secrets(): readonly string[];
}
