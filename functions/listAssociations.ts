import { endpoint } from '../lib/api/endpoint.ts';
import { ListAssociations } from '../lib/api/operations/listAssociations.ts';
import { listAssociations } from '../lib/associations/listAssociations.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(ListAssociations, listAssociations, coreDeps);
