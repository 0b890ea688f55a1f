import * as z from 'zod';
import { operation } from '../operation.ts';
import { AgentSpace, createAgentSpaceMembers } from '../schemas/spaces.ts';
import { Tags } from '../schemas/tags.ts';

export const CreateAgentSpace = operation({
  name: 'CreateAgentSpace',
  method: 'POST',
  path: '/v1/agentspaces',
  status: 201,
  input: z.strictObject(createAgentSpaceMembers),
  output: z.object({ agentSpace: AgentSpace, tags: Tags.optional() }),
  access: 'write',
  extension: false,
  errors: ['ConflictException', 'ServiceQuotaExceededException'],
  summary: 'Creates an agent space; a repeated clientToken answers with the same space for 8 hours.',
});
