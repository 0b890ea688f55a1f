import * as z from 'zod';
import { operation } from '../operation.ts';
import { AccessToken } from '../schemas/accessTokens.ts';
import { AgentSpaceId } from '../schemas/ids.ts';
import { NextToken, PAGE_QUERY, page } from '../schemas/paging.ts';
import { accessTokensPath } from './shared/accessTokens.ts';

export const ListAccessTokens = operation({
  name: 'ListAccessTokens',
  method: 'POST',
  path: `${accessTokensPath}/list`,
  query: PAGE_QUERY,
  status: 200,
  input: z.strictObject({ agentSpaceId: AgentSpaceId, ...page }),
  output: z.object({
    nextToken: NextToken.optional(),
    accessTokens: z.array(AccessToken).meta({ id: 'AccessTokensList' }),
  }),
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  paginated: 'accessTokens',
  summary: 'Lists the access tokens of an agent space, without their values.',
});
