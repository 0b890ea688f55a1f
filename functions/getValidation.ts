import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { getValidation } from '../lib/services/getValidation.ts';

export const handler = endpoint(operations.GetValidation, getValidation, coreDeps);
