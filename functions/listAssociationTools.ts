import { endpoint } from '../lib/api/endpoint.ts';
import { ListAssociationTools } from '../lib/api/operations/listAssociationTools.ts';
import { listAssociationTools } from '../lib/associations/listAssociationTools.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(ListAssociationTools, listAssociationTools, coreDeps);
