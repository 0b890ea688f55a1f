import * as z from 'zod';
import { operation } from '../operation.ts';
import { Association } from '../schemas/associations.ts';
import { AgentSpaceId } from '../schemas/ids.ts';
import { NextToken, PAGE_QUERY, page } from '../schemas/paging.ts';
import { FilterServiceTypes } from '../schemas/serviceTypes.ts';

export const ListAssociations = operation({
  name: 'ListAssociations',
  method: 'POST',
  path: '/v1/agentspaces/{agentSpaceId}/associations/list',
  query: [...PAGE_QUERY, 'filterServiceTypes'],
  status: 200,
  input: z.strictObject({
    agentSpaceId: AgentSpaceId,
    ...page,
    filterServiceTypes: FilterServiceTypes.optional(),
  }),
  output: z.object({
    nextToken: NextToken.optional(),
    associations: z.array(Association).meta({ id: 'AssociationsList' }),
  }),
  access: 'read',
  extension: false,
  errors: ['ResourceNotFoundException'],
  paginated: 'associations',
  summary: 'Lists the servers that an agent space is connected to.',
});
