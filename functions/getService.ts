import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { getService } from '../lib/services/getService.ts';

export const handler = endpoint(operations.GetService, getService, coreDeps);
