import * as z from 'zod';
import { operation } from '../operation.ts';
import {
  AssociationCapabilities,
  ExpectedFingerprints,
  ServiceConfiguration,
} from '../schemas/associations.ts';
import { AgentSpaceId, ServiceId } from '../schemas/ids.ts';
import { ASSOCIATION_ERRORS, changedAssociation } from './shared/associations.ts';

export const AssociateService = operation({
  name: 'AssociateService',
  method: 'POST',
  path: '/v1/agentspaces/{agentSpaceId}/associations',
  status: 201,
  input: z.strictObject({
    agentSpaceId: AgentSpaceId,
    serviceId: ServiceId,
    configuration: ServiceConfiguration,
    capabilities: AssociationCapabilities.optional(),
    expectedFingerprints: ExpectedFingerprints.optional(),
  }),
  output: changedAssociation,
  access: 'write',
  extension: false,
  errors: ASSOCIATION_ERRORS,
  summary: 'Connects an agent space to a registered server, with the tools it allows.',
});
