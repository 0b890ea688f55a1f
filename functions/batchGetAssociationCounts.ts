import { endpoint } from '../lib/api/endpoint.ts';
import { BatchGetAssociationCounts } from '../lib/api/operations/batchGetAssociationCounts.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { batchGetAssociationCounts } from '../lib/services/batchGetAssociationCounts.ts';

export const handler = endpoint(BatchGetAssociationCounts, batchGetAssociationCounts, coreDeps);
