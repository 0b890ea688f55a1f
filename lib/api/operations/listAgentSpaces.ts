import * as z from 'zod';
import { operation } from '../operation.ts';
import { NextToken, PAGE_QUERY, page } from '../schemas/paging.ts';
import { AgentSpace } from '../schemas/spaces.ts';

export const ListAgentSpaces = operation({
  name: 'ListAgentSpaces',
  method: 'POST',
  path: '/v1/agentspaces/list',
  query: PAGE_QUERY,
  status: 200,
  input: z.strictObject(page),
  output: z.object({
    nextToken: NextToken.optional(),
    agentSpaces: z.array(AgentSpace).meta({ id: 'AgentSpaceList' }),
  }),
  access: 'read',
  extension: false,
  errors: [],
  paginated: 'agentSpaces',
  summary: 'Lists the agent spaces of the account.',
});
