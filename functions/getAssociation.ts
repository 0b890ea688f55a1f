import { endpoint } from '../lib/api/endpoint.ts';
import { GetAssociation } from '../lib/api/operations/getAssociation.ts';
import { getAssociation } from '../lib/associations/getAssociation.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(GetAssociation, getAssociation, coreDeps);
