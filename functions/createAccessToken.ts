import { createAccessToken } from '../lib/accessTokens/createAccessToken.ts';
import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.CreateAccessToken, createAccessToken, coreDeps);
