import { endpoint } from '../lib/api/endpoint.ts';
import { TagResource } from '../lib/api/operations/tagResource.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { tagResource } from '../lib/tags/tagResource.ts';

export const handler = endpoint(TagResource, tagResource, coreDeps);
