import { createAccessToken } from '../lib/accessTokens/createAccessToken.ts';
import { endpoint } from '../lib/api/endpoint.ts';
import { CreateAccessToken } from '../lib/api/operations/createAccessToken.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(CreateAccessToken, createAccessToken, coreDeps);
