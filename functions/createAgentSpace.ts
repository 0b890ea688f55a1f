import { endpoint } from '../lib/api/endpoint.ts';
import { CreateAgentSpace } from '../lib/api/operations/createAgentSpace.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { createAgentSpace } from '../lib/spaces/createAgentSpace.ts';

export const handler = endpoint(CreateAgentSpace, createAgentSpace, coreDeps);
