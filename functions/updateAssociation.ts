import { endpoint } from '../lib/api/endpoint.ts';
import { UpdateAssociation } from '../lib/api/operations/updateAssociation.ts';
import { updateAssociation } from '../lib/associations/updateAssociation.ts';
import { serverDeps } from '../lib/deps/server.ts';

export const handler = endpoint(UpdateAssociation, updateAssociation, serverDeps);
