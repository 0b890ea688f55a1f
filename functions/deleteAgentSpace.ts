import { endpoint } from '../lib/api/endpoint.ts';
import { DeleteAgentSpace } from '../lib/api/operations/deleteAgentSpace.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { deleteAgentSpace } from '../lib/spaces/deleteAgentSpace.ts';

export const handler = endpoint(DeleteAgentSpace, deleteAgentSpace, coreDeps);
