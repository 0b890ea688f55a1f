import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listTagsForResource } from '../lib/tags/listTagsForResource.ts';

export const handler = endpoint(operations.ListTagsForResource, listTagsForResource, coreDeps);
