/** Scenarios that fail, each with the reason. One that passes after all has to go from here. */
export const expectedFailures: Readonly<Record<string, string>> = {
  'auth/client-credentials-jwt':
    'An extension of MCP: private_key_jwt is no authorization method of the API, which takes a client secret.',
  'auth/cross-app-access-complete-flow':
    'An extension of MCP: a token of an identity provider is no authorization method of the API.',
};

/**
 * Scenarios that Switchboard passes by refusing the server, and what it says then. The suite alone would also be
 * content with a client that does nothing.
 */
export const expectedRefusals: Readonly<Record<string, string>> = {
  'auth/resource-mismatch': 'DISCOVERY_RESOURCE_MISMATCH',
  'auth/scope-retry-limit': 'The browser came back with ?error=',
};
