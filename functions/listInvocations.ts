import { endpoint } from '../lib/api/endpoint.ts';
import { ListInvocations } from '../lib/api/operations/listInvocations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listInvocations } from '../lib/invocations/listInvocations.ts';

export const handler = endpoint(ListInvocations, listInvocations, coreDeps);
