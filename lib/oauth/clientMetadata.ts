import type { APIGatewayProxyResult } from 'aws-lambda';
import { CLIENT_METADATA_PATH, type ConsentSettings, redirectUri } from './consentSettings.ts';

/** What people read at the provider's consent page. */
export const CLIENT_NAME = 'Switchboard';

/** Members that hold for every client, registered or described (RFC 7591 §2). */
export function clientMembers(settings: ConsentSettings) {
  return {
    client_name: CLIENT_NAME,
    redirect_uris: [redirectUri(settings)],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // OpenID Connect Dynamic Client Registration §2: a web client's redirect URIs are https:// and not localhost.
    application_type: settings.publicBaseUrl.startsWith('https:') ? 'web' : 'native',
  };
}

/** The client ID metadata document (draft-ietf-oauth-client-id-metadata-document): public, and without a secret. */
export function clientMetadataDocument(settings: ConsentSettings): Record<string, unknown> {
  return {
    client_id: settings.clientMetadataUrl ?? settings.publicBaseUrl + CLIENT_METADATA_PATH,
    ...clientMembers(settings),
    token_endpoint_auth_method: 'none',
  };
}

/** The document as an answer to whoever asks. */
export function clientMetadataAnswer(settings: ConsentSettings): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
    body: JSON.stringify(clientMetadataDocument(settings)),
  };
}
