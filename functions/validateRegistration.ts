import { endpoint } from '../lib/api/endpoint.ts';
import { ValidateRegistration } from '../lib/api/operations/validateRegistration.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { validateRegistration } from '../lib/services/validateRegistration.ts';

export const handler = endpoint(ValidateRegistration, validateRegistration, serverDeps);
