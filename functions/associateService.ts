import { endpoint } from '../lib/api/endpoint.ts';
import { AssociateService } from '../lib/api/operations/associateService.ts';
import { associateService } from '../lib/associations/associateService.ts';
import { serverDeps } from '../lib/deps/server.ts';

export const handler = endpoint(AssociateService, associateService, serverDeps);
