import * as z from 'zod';
import { operation } from '../operation.ts';
import { InvocationList } from '../schemas/invocations.ts';
import { NextToken, PAGE_QUERY } from '../schemas/paging.ts';
import { invocationsOf } from './shared/invocations.ts';

export const ListInvocations = operation({
  name: 'ListInvocations',
  method: 'POST',
  path: '/v1/agentspaces/{agentSpaceId}/invocations/list',
  query: [...PAGE_QUERY, 'serviceId', 'startTime', 'endTime'],
  status: 200,
  input: z.strictObject({
    ...invocationsOf,
  }),
  output: z.object({ nextToken: NextToken.optional(), invocations: InvocationList }),
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  paginated: 'invocations',
  summary: 'Lists the tool calls of an agent space, newest first; a short page may have a next one.',
});
