import { endpoint } from '../lib/api/endpoint.ts';
import { ListServiceAssociations } from '../lib/api/operations/listServiceAssociations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listServiceAssociations } from '../lib/services/listServiceAssociations.ts';

export const handler = endpoint(ListServiceAssociations, listServiceAssociations, coreDeps);
