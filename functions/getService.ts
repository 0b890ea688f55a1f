import { endpoint } from '../lib/api/endpoint.ts';
import { GetService } from '../lib/api/operations/getService.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { getService } from '../lib/services/getService.ts';

export const handler = endpoint(GetService, getService, coreDeps);
