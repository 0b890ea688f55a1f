import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listServices } from '../lib/services/listServices.ts';

export const handler = endpoint(operations.ListServices, listServices, coreDeps);
