import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { completeRegistration } from '../lib/services/completeRegistration.ts';

export const handler = endpoint(operations.CompleteRegistration, completeRegistration, serverDeps);
