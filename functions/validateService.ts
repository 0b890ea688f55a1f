import { endpoint } from '../lib/api/endpoint.ts';
import { ValidateService } from '../lib/api/operations/validateService.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { validateService } from '../lib/services/validateService.ts';

export const handler = endpoint(ValidateService, validateService, serverDeps);
