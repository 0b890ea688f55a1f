import * as z from 'zod';
import { operation } from '../operation.ts';
import { AgentSpaceId, AssociationId } from '../schemas/ids.ts';
import {
  ASSOCIATION_ERRORS,
  associationPath,
  changedAssociation,
  wantedAssociation,
} from './shared/associations.ts';

export const UpdateAssociation = operation({
  name: 'UpdateAssociation',
  method: 'PATCH',
  path: associationPath,
  status: 200,
  input: z.strictObject({
    agentSpaceId: AgentSpaceId,
    associationId: AssociationId,
    ...wantedAssociation,
  }),
  output: changedAssociation,
  access: 'write',
  extension: false,
  errors: ASSOCIATION_ERRORS,
  summary: 'Replaces the allowed tools of a connection and confirms their definitions.',
});
