import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { validateService } from '../lib/services/validateService.ts';

export const handler = endpoint(operations.ValidateService, validateService, serverDeps);
