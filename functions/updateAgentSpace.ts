import { endpoint } from '../lib/api/endpoint.ts';
import { UpdateAgentSpace } from '../lib/api/operations/updateAgentSpace.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { updateAgentSpace } from '../lib/spaces/updateAgentSpace.ts';

export const handler = endpoint(UpdateAgentSpace, updateAgentSpace, coreDeps);
