import { endpoint } from '../lib/api/endpoint.ts';
import { ListInvocationCounts } from '../lib/api/operations/listInvocationCounts.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listInvocationCounts } from '../lib/invocations/listInvocationCounts.ts';

export const handler = endpoint(ListInvocationCounts, listInvocationCounts, coreDeps);
