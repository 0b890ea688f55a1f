import { handler as associateService } from '../functions/associateService.ts';
import { handler as batchGetAssociationCounts } from '../functions/batchGetAssociationCounts.ts';
import { handler as clientMetadata } from '../functions/clientMetadata.ts';
import { handler as completeRegistration } from '../functions/completeRegistration.ts';
import { handler as createAccessToken } from '../functions/createAccessToken.ts';
import { handler as createAgentSpace } from '../functions/createAgentSpace.ts';
import { handler as deleteAgentSpace } from '../functions/deleteAgentSpace.ts';
import { handler as deregisterService } from '../functions/deregisterService.ts';
import { handler as disassociateService } from '../functions/disassociateService.ts';
import { handler as getAgentSpace } from '../functions/getAgentSpace.ts';
import { handler as getAssociation } from '../functions/getAssociation.ts';
import { handler as getService } from '../functions/getService.ts';
import { handler as getValidation } from '../functions/getValidation.ts';
import { handler as listAccessTokens } from '../functions/listAccessTokens.ts';
import { handler as listAgentSpaces } from '../functions/listAgentSpaces.ts';
import { handler as listAssociations } from '../functions/listAssociations.ts';
import { handler as listAssociationTools } from '../functions/listAssociationTools.ts';
import { handler as listInvocationCounts } from '../functions/listInvocationCounts.ts';
import { handler as listInvocations } from '../functions/listInvocations.ts';
import { handler as listServiceAssociations } from '../functions/listServiceAssociations.ts';
import { handler as listServices } from '../functions/listServices.ts';
import { handler as listServiceTools } from '../functions/listServiceTools.ts';
import { handler as listTagsForResource } from '../functions/listTagsForResource.ts';
import { handler as lookupEvents } from '../functions/lookupEvents.ts';
import { handler as oauthCallback } from '../functions/oauthCallback.ts';
import { handler as oauthConsent } from '../functions/oauthConsent.ts';
import { handler as registerService } from '../functions/registerService.ts';
import { handler as revokeAccessToken } from '../functions/revokeAccessToken.ts';
import { handler as rotateAccessToken } from '../functions/rotateAccessToken.ts';
import { handler as tagResource } from '../functions/tagResource.ts';
import { handler as untagResource } from '../functions/untagResource.ts';
import { handler as updateAgentSpace } from '../functions/updateAgentSpace.ts';
import { handler as updateAssociation } from '../functions/updateAssociation.ts';
import { handler as updateService } from '../functions/updateService.ts';
import { handler as validateRegistration } from '../functions/validateRegistration.ts';
import { handler as validateService } from '../functions/validateService.ts';
import type { OperationName } from '../lib/api/operations.ts';
import type { BrowserRouteName } from '../lib/oauth/browserRoutes.ts';
import type { LocalHandler } from './http/pipeline.ts';

type LambdaHandler = (event: never, context: never) => Promise<unknown>;

/** Lambda handlers differ in nothing that the embedded server minds. */
function bind(handler: LambdaHandler): LocalHandler {
  return handler as unknown as LocalHandler;
}

/** The handlers of functions/, by operation: the same that run on AWS. */
export const handlers: Record<OperationName, LocalHandler> = {
  AssociateService: bind(associateService),
  BatchGetAssociationCounts: bind(batchGetAssociationCounts),
  CompleteRegistration: bind(completeRegistration),
  CreateAccessToken: bind(createAccessToken),
  CreateAgentSpace: bind(createAgentSpace),
  DeleteAgentSpace: bind(deleteAgentSpace),
  DeregisterService: bind(deregisterService),
  DisassociateService: bind(disassociateService),
  GetAgentSpace: bind(getAgentSpace),
  GetAssociation: bind(getAssociation),
  GetService: bind(getService),
  GetValidation: bind(getValidation),
  ListAccessTokens: bind(listAccessTokens),
  ListAgentSpaces: bind(listAgentSpaces),
  ListAssociationTools: bind(listAssociationTools),
  ListAssociations: bind(listAssociations),
  ListInvocationCounts: bind(listInvocationCounts),
  ListInvocations: bind(listInvocations),
  ListServiceAssociations: bind(listServiceAssociations),
  ListServices: bind(listServices),
  ListServiceTools: bind(listServiceTools),
  ListTagsForResource: bind(listTagsForResource),
  LookupEvents: bind(lookupEvents),
  RegisterService: bind(registerService),
  RevokeAccessToken: bind(revokeAccessToken),
  RotateAccessToken: bind(rotateAccessToken),
  TagResource: bind(tagResource),
  UntagResource: bind(untagResource),
  UpdateAgentSpace: bind(updateAgentSpace),
  UpdateAssociation: bind(updateAssociation),
  UpdateService: bind(updateService),
  ValidateRegistration: bind(validateRegistration),
  ValidateService: bind(validateService),
};

/** The handlers of the routes that browsers use. */
export const browserHandlers: Record<BrowserRouteName, LocalHandler> = {
  clientMetadata: bind(clientMetadata),
  oauthCallback: bind(oauthCallback),
  oauthConsent: bind(oauthConsent),
};
