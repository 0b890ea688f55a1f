import type { Operation } from './operation.ts';
import { AssociateService } from './operations/associateService.ts';
import { BatchGetAssociationCounts } from './operations/batchGetAssociationCounts.ts';
import { CompleteRegistration } from './operations/completeRegistration.ts';
import { CreateAccessToken } from './operations/createAccessToken.ts';
import { CreateAgentSpace } from './operations/createAgentSpace.ts';
import { DeleteAgentSpace } from './operations/deleteAgentSpace.ts';
import { DeregisterService } from './operations/deregisterService.ts';
import { DisassociateService } from './operations/disassociateService.ts';
import { GetAgentSpace } from './operations/getAgentSpace.ts';
import { GetAssociation } from './operations/getAssociation.ts';
import { GetService } from './operations/getService.ts';
import { GetValidation } from './operations/getValidation.ts';
import { ListAccessTokens } from './operations/listAccessTokens.ts';
import { ListAgentSpaces } from './operations/listAgentSpaces.ts';
import { ListAssociations } from './operations/listAssociations.ts';
import { ListAssociationTools } from './operations/listAssociationTools.ts';
import { ListInvocationCounts } from './operations/listInvocationCounts.ts';
import { ListInvocations } from './operations/listInvocations.ts';
import { ListServiceAssociations } from './operations/listServiceAssociations.ts';
import { ListServices } from './operations/listServices.ts';
import { ListServiceTools } from './operations/listServiceTools.ts';
import { ListTagsForResource } from './operations/listTagsForResource.ts';
import { LookupEvents } from './operations/lookupEvents.ts';
import { RegisterService } from './operations/registerService.ts';
import { RevokeAccessToken } from './operations/revokeAccessToken.ts';
import { RotateAccessToken } from './operations/rotateAccessToken.ts';
import { TagResource } from './operations/tagResource.ts';
import { UntagResource } from './operations/untagResource.ts';
import { UpdateAgentSpace } from './operations/updateAgentSpace.ts';
import { UpdateAssociation } from './operations/updateAssociation.ts';
import { UpdateService } from './operations/updateService.ts';
import { ValidateRegistration } from './operations/validateRegistration.ts';
import { ValidateService } from './operations/validateService.ts';

/**
 * The operation table: an index of the rows, for what needs them all. Public operations follow devops-agent-2026-01-01
 * (botocore service model) and CloudTrail's LookupEvents; `extension: true` marks ours. A function imports its own row
 * alone, since making the schemas of all is most of a cold start.
 */
export const operations = {
  RegisterService,
  ValidateRegistration,
  CompleteRegistration,
  GetService,
  ListServices,
  UpdateService,
  ValidateService,
  GetValidation,
  ListServiceTools,
  ListServiceAssociations,
  BatchGetAssociationCounts,
  DeregisterService,
  CreateAgentSpace,
  GetAgentSpace,
  ListAgentSpaces,
  UpdateAgentSpace,
  DeleteAgentSpace,
  AssociateService,
  GetAssociation,
  ListAssociationTools,
  ListAssociations,
  UpdateAssociation,
  DisassociateService,
  CreateAccessToken,
  ListAccessTokens,
  RotateAccessToken,
  RevokeAccessToken,
  ListInvocations,
  ListInvocationCounts,
  TagResource,
  UntagResource,
  ListTagsForResource,
  LookupEvents,
} as const;

export type OperationName = keyof typeof operations;

/** The table as a list of plain rows. */
export const operationList: readonly Operation[] = Object.values(operations);
