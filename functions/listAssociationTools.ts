import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { listAssociationTools } from '../lib/associations/listAssociationTools.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.ListAssociationTools, listAssociationTools, coreDeps);
