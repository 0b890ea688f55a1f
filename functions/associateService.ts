import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { associateService } from '../lib/associations/associateService.ts';
import { serverDeps } from '../lib/deps/server.ts';

export const handler = endpoint(operations.AssociateService, associateService, serverDeps);
