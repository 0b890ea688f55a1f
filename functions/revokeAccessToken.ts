import { revokeAccessToken } from '../lib/accessTokens/revokeAccessToken.ts';
import { endpoint } from '../lib/api/endpoint.ts';
import { RevokeAccessToken } from '../lib/api/operations/revokeAccessToken.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(RevokeAccessToken, revokeAccessToken, coreDeps);
