import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listServiceAssociations } from '../lib/services/listServiceAssociations.ts';

export const handler = endpoint(operations.ListServiceAssociations, listServiceAssociations, coreDeps);
