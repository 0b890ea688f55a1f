import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { deregisterService } from '../lib/services/deregisterService.ts';

export const handler = endpoint(operations.DeregisterService, deregisterService, coreDeps);
