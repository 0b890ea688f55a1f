import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { getAgentSpace } from '../lib/spaces/getAgentSpace.ts';

export const handler = endpoint(operations.GetAgentSpace, getAgentSpace, coreDeps);
