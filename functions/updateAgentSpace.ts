import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { updateAgentSpace } from '../lib/spaces/updateAgentSpace.ts';

export const handler = endpoint(operations.UpdateAgentSpace, updateAgentSpace, coreDeps);
