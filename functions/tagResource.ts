import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { tagResource } from '../lib/tags/tagResource.ts';

export const handler = endpoint(operations.TagResource, tagResource, coreDeps);
