import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listInvocations } from '../lib/invocations/listInvocations.ts';

export const handler = endpoint(operations.ListInvocations, listInvocations, coreDeps);
