import * as z from 'zod';
import { operation } from '../operation.ts';
import { nothing } from '../schemas/common.ts';
import { AgentSpaceId } from '../schemas/ids.ts';

export const DeleteAgentSpace = operation({
  name: 'DeleteAgentSpace',
  method: 'DELETE',
  path: '/v1/agentspaces/{agentSpaceId}',
  status: 204,
  input: z.strictObject({ agentSpaceId: AgentSpaceId }),
  output: nothing,
  access: 'write',
  extension: false,
  errors: ['ResourceNotFoundException'],
  summary: 'Deletes an agent space and removes its associations.',
});
