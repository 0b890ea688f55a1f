import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { deleteAgentSpace } from '../lib/spaces/deleteAgentSpace.ts';

export const handler = endpoint(operations.DeleteAgentSpace, deleteAgentSpace, coreDeps);
