import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { updateAssociation } from '../lib/associations/updateAssociation.ts';
import { serverDeps } from '../lib/deps/server.ts';

export const handler = endpoint(operations.UpdateAssociation, updateAssociation, serverDeps);
