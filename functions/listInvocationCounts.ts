import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listInvocationCounts } from '../lib/invocations/listInvocationCounts.ts';

export const handler = endpoint(operations.ListInvocationCounts, listInvocationCounts, coreDeps);
