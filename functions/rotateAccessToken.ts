import { rotateAccessToken } from '../lib/accessTokens/rotateAccessToken.ts';
import { endpoint } from '../lib/api/endpoint.ts';
import { RotateAccessToken } from '../lib/api/operations/rotateAccessToken.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(RotateAccessToken, rotateAccessToken, coreDeps);
