import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { consentDeps } from '../lib/deps/consent.ts';
import { updateService } from '../lib/services/updateService.ts';

export const handler = endpoint(operations.UpdateService, updateService, consentDeps);
