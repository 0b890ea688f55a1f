import * as z from 'zod';
import { operation } from '../operation.ts';
import { AgentSpaceId, ServiceId } from '../schemas/ids.ts';
import { ASSOCIATION_ERRORS, changedAssociation, wantedAssociation } from './shared/associations.ts';

export const AssociateService = operation({
  name: 'AssociateService',
  method: 'POST',
  path: '/v1/agentspaces/{agentSpaceId}/associations',
  status: 201,
  input: z.strictObject({
    agentSpaceId: AgentSpaceId,
    serviceId: ServiceId,
    ...wantedAssociation,
  }),
  output: changedAssociation,
  access: 'write',
  extension: false,
  errors: ASSOCIATION_ERRORS,
  summary: 'Connects an agent space to a registered server, with the tools it allows.',
});
