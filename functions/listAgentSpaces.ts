import { endpoint } from '../lib/api/endpoint.ts';
import { ListAgentSpaces } from '../lib/api/operations/listAgentSpaces.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listAgentSpaces } from '../lib/spaces/listAgentSpaces.ts';

export const handler = endpoint(ListAgentSpaces, listAgentSpaces, coreDeps);
