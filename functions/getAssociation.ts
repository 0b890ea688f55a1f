import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { getAssociation } from '../lib/associations/getAssociation.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.GetAssociation, getAssociation, coreDeps);
