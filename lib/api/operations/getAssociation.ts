import * as z from 'zod';
import { operation } from '../operation.ts';
import { Association } from '../schemas/associations.ts';
import { AgentSpaceId, AssociationId } from '../schemas/ids.ts';
import { associationPath } from './shared/associations.ts';

export const GetAssociation = operation({
  name: 'GetAssociation',
  method: 'GET',
  path: associationPath,
  status: 200,
  input: z.strictObject({ agentSpaceId: AgentSpaceId, associationId: AssociationId }),
  output: z.object({ association: Association }),
  access: 'read',
  extension: false,
  errors: ['ResourceNotFoundException'],
  summary: 'Describes the connection of an agent space to a server.',
});
