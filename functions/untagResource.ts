import { endpoint } from '../lib/api/endpoint.ts';
import { UntagResource } from '../lib/api/operations/untagResource.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { untagResource } from '../lib/tags/untagResource.ts';

export const handler = endpoint(UntagResource, untagResource, coreDeps);
