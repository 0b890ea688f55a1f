import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { createAgentSpace } from '../lib/spaces/createAgentSpace.ts';

export const handler = endpoint(operations.CreateAgentSpace, createAgentSpace, coreDeps);
