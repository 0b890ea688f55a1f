import * as z from 'zod';
import {
  Association,
  AssociationCapabilities,
  ExpectedFingerprints,
  GenericWebhook,
  ServiceConfiguration,
} from '../../schemas/associations.ts';
import { ValidationWarnings } from '../../schemas/validation.ts';

export const associationPath = '/v1/agentspaces/{agentSpaceId}/associations/{associationId}';

/** What both ways to write an association take, beside where it is. */
export const wantedAssociation = {
  configuration: ServiceConfiguration,
  capabilities: AssociationCapabilities.optional(),
  expectedFingerprints: ExpectedFingerprints.optional(),
};

/** What both ways to write an association answer with. */
export const changedAssociation = z.object({
  association: Association,
  webhook: GenericWebhook.optional(),
  warnings: ValidationWarnings.optional(),
});

export const ASSOCIATION_ERRORS = [
  'ResourceNotFoundException',
  'ConflictException',
  'ServiceQuotaExceededException',
] as const;
