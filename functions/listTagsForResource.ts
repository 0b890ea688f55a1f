import { endpoint } from '../lib/api/endpoint.ts';
import { ListTagsForResource } from '../lib/api/operations/listTagsForResource.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { listTagsForResource } from '../lib/tags/listTagsForResource.ts';

export const handler = endpoint(ListTagsForResource, listTagsForResource, coreDeps);
