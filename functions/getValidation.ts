import { endpoint } from '../lib/api/endpoint.ts';
import { GetValidation } from '../lib/api/operations/getValidation.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { getValidation } from '../lib/services/getValidation.ts';

export const handler = endpoint(GetValidation, getValidation, coreDeps);
