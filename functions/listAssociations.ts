import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { listAssociations } from '../lib/associations/listAssociations.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.ListAssociations, listAssociations, coreDeps);
