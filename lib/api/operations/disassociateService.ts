import * as z from 'zod';
import { operation } from '../operation.ts';
import { nothing } from '../schemas/common.ts';
import { AgentSpaceId, AssociationId } from '../schemas/ids.ts';
import { associationPath } from './shared/associations.ts';

export const DisassociateService = operation({
  name: 'DisassociateService',
  method: 'DELETE',
  path: associationPath,
  status: 204,
  input: z.strictObject({ agentSpaceId: AgentSpaceId, associationId: AssociationId }),
  output: nothing,
  access: 'write',
  extension: false,
  errors: ['ResourceNotFoundException', 'ConflictException'],
  summary: 'Disconnects an agent space from a server.',
});
