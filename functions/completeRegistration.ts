import { endpoint } from '../lib/api/endpoint.ts';
import { CompleteRegistration } from '../lib/api/operations/completeRegistration.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { completeRegistration } from '../lib/services/completeRegistration.ts';

export const handler = endpoint(CompleteRegistration, completeRegistration, serverDeps);
