import { listAccessTokens } from '../lib/accessTokens/listAccessTokens.ts';
import { endpoint } from '../lib/api/endpoint.ts';
import { ListAccessTokens } from '../lib/api/operations/listAccessTokens.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(ListAccessTokens, listAccessTokens, coreDeps);
