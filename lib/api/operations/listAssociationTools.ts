import * as z from 'zod';
import { operation } from '../operation.ts';
import { AssociationTools, ConfirmedToolReason } from '../schemas/associationTools.ts';
import { AgentSpaceId, AssociationId } from '../schemas/ids.ts';
import { NextToken, PAGE_QUERY, page } from '../schemas/paging.ts';
import { associationPath } from './shared/associations.ts';

export const ListAssociationTools = operation({
  name: 'ListAssociationTools',
  method: 'POST',
  path: `${associationPath}/tools/list`,
  query: [...PAGE_QUERY, 'filterWithheldReason'],
  status: 200,
  input: z.strictObject({
    agentSpaceId: AgentSpaceId,
    associationId: AssociationId,
    ...page,
    filterWithheldReason: ConfirmedToolReason.optional(),
  }),
  output: z.object({ nextToken: NextToken.optional(), tools: AssociationTools }),
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  paginated: 'tools',
  summary:
    'Lists the tools of a connection with the definitions that were confirmed, and what the server offers instead.',
});
