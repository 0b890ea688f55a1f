import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listServiceTools } from '../lib/services/listServiceTools.ts';

export const handler = endpoint(operations.ListServiceTools, listServiceTools, coreDeps);
