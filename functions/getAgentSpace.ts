import { endpoint } from '../lib/api/endpoint.ts';
import { GetAgentSpace } from '../lib/api/operations/getAgentSpace.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { getAgentSpace } from '../lib/spaces/getAgentSpace.ts';

export const handler = endpoint(GetAgentSpace, getAgentSpace, coreDeps);
