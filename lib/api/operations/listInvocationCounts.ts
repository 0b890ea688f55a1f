import * as z from 'zod';
import { operation } from '../operation.ts';
import { CountPeriod, InvocationCountsList } from '../schemas/invocations.ts';
import { NextToken, PAGE_QUERY } from '../schemas/paging.ts';
import { invocationsOf } from './shared/invocations.ts';

export const ListInvocationCounts = operation({
  name: 'ListInvocationCounts',
  method: 'POST',
  path: '/v1/agentspaces/{agentSpaceId}/invocations/counts/list',
  query: [...PAGE_QUERY, 'serviceId', 'startTime', 'endTime', 'period'],
  status: 200,
  input: z.strictObject({
    ...invocationsOf,
    period: CountPeriod.optional(),
  }),
  output: z.object({ nextToken: NextToken.optional(), invocationCounts: InvocationCountsList }),
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  paginated: 'invocationCounts',
  summary:
    'Counts the tool calls of an agent space by hour or day, newest first; counts of one period in two pages add up.',
});
