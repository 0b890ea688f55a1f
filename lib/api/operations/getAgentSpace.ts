import * as z from 'zod';
import { operation } from '../operation.ts';
import { AgentSpaceId } from '../schemas/ids.ts';
import { AgentSpace } from '../schemas/spaces.ts';
import { ResourceArn, Tags } from '../schemas/tags.ts';

export const GetAgentSpace = operation({
  name: 'GetAgentSpace',
  method: 'GET',
  path: '/v1/agentspaces/{agentSpaceId}',
  status: 200,
  input: z.strictObject({ agentSpaceId: AgentSpaceId }),
  output: z.object({ agentSpace: AgentSpace, tags: Tags.optional(), arn: ResourceArn }),
  access: 'read',
  extension: false,
  errors: ['ResourceNotFoundException'],
  summary: 'Describes an agent space.',
});
