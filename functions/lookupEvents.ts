import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { lookupEvents } from '../lib/audit/lookupEvents.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.LookupEvents, lookupEvents, coreDeps);
