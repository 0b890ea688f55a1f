import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listAgentSpaces } from '../lib/spaces/listAgentSpaces.ts';

export const handler = endpoint(operations.ListAgentSpaces, listAgentSpaces, coreDeps);
