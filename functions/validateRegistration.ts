import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { validateRegistration } from '../lib/services/validateRegistration.ts';

export const handler = endpoint(operations.ValidateRegistration, validateRegistration, serverDeps);
