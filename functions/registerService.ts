import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { consentDeps } from '../lib/deps/consent.ts';
import { registerService } from '../lib/services/registerService.ts';

export const handler = endpoint(operations.RegisterService, registerService, consentDeps);
