import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { untagResource } from '../lib/tags/untagResource.ts';

export const handler = endpoint(operations.UntagResource, untagResource, coreDeps);
