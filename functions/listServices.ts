import { endpoint } from '../lib/api/endpoint.ts';
import { ListServices } from '../lib/api/operations/listServices.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listServices } from '../lib/services/listServices.ts';

export const handler = endpoint(ListServices, listServices, coreDeps);
