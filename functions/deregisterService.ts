import { endpoint } from '../lib/api/endpoint.ts';
import { DeregisterService } from '../lib/api/operations/deregisterService.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { deregisterService } from '../lib/services/deregisterService.ts';

export const handler = endpoint(DeregisterService, deregisterService, coreDeps);
