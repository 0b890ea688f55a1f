import { endpoint } from '../lib/api/endpoint.ts';
import { LookupEvents } from '../lib/api/operations/lookupEvents.ts';
import { lookupEvents } from '../lib/audit/lookupEvents.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(LookupEvents, lookupEvents, coreDeps);
