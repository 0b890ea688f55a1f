import * as z from 'zod';
import { operation } from '../operation.ts';
import { AgentSpace, updateAgentSpaceMembers } from '../schemas/spaces.ts';

export const UpdateAgentSpace = operation({
  name: 'UpdateAgentSpace',
  method: 'PATCH',
  path: '/v1/agentspaces/{agentSpaceId}',
  status: 200,
  input: z.strictObject(updateAgentSpaceMembers),
  output: z.object({ agentSpace: AgentSpace }),
  access: 'write',
  extension: false,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary: 'Changes the given members of an agent space, or disables or enables it.',
});
