import { rotateAccessToken } from '../lib/accessTokens/rotateAccessToken.ts';
import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.RotateAccessToken, rotateAccessToken, coreDeps);
