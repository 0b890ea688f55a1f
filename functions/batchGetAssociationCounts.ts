import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { batchGetAssociationCounts } from '../lib/services/batchGetAssociationCounts.ts';

export const handler = endpoint(operations.BatchGetAssociationCounts, batchGetAssociationCounts, coreDeps);
