import * as z from 'zod';
import { operation } from '../operation.ts';
import { Timestamp } from '../schemas/common.ts';
import { AgentSpaceId, AssociationId, ServiceId } from '../schemas/ids.ts';
import { NextToken, PAGE_QUERY, page } from '../schemas/paging.ts';

export const ListServiceAssociations = operation({
  name: 'ListServiceAssociations',
  method: 'POST',
  path: '/v1/services/{serviceId}/associations/list',
  query: PAGE_QUERY,
  status: 200,
  input: z.strictObject({ serviceId: ServiceId, ...page }),
  output: z.object({
    nextToken: NextToken.optional(),
    associations: z
      .array(
        z
          .object({
            agentSpaceId: AgentSpaceId,
            associationId: AssociationId,
            serviceId: ServiceId,
            createdAt: Timestamp,
          })
          .meta({ id: 'ServiceAssociation' }),
      )
      .meta({ id: 'ServiceAssociationsList' }),
  }),
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  paginated: 'associations',
  summary: 'Lists the agent spaces that use a registered server.',
});
