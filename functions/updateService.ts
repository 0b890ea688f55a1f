import { endpoint } from '../lib/api/endpoint.ts';
import { UpdateService } from '../lib/api/operations/updateService.ts';
import { consentDeps } from '../lib/deps/consent.ts';
import { updateService } from '../lib/services/updateService.ts';

export const handler = endpoint(UpdateService, updateService, consentDeps);
