import { endpoint } from '../lib/api/endpoint.ts';
import { RegisterService } from '../lib/api/operations/registerService.ts';
import { consentDeps } from '../lib/deps/consent.ts';
import { registerService } from '../lib/services/registerService.ts';

export const handler = endpoint(RegisterService, registerService, consentDeps);
