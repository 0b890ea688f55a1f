import { endpoint } from '../lib/api/endpoint.ts';
import { ListServiceTools } from '../lib/api/operations/listServiceTools.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listServiceTools } from '../lib/services/listServiceTools.ts';

export const handler = endpoint(ListServiceTools, listServiceTools, coreDeps);
