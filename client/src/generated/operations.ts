// Written by `npm run client-types`: do not edit.
import type { CallOptions, Input, OperationRow, Output } from '../operation.ts';

/** What the client knows of each operation. */
export const operations = {
  RegisterService: {"method":"POST","path":"/v1/register/{service}"},
  ValidateRegistration: {"method":"POST","path":"/v1/register/{service}/validate"},
  CompleteRegistration: {"method":"POST","path":"/v1/register/{service}/complete"},
  GetService: {"method":"GET","path":"/v1/services/{serviceId}","readOnly":true},
  ListServices: {"method":"POST","path":"/v1/services/list","query":["maxResults","nextToken","filterServiceType"],"readOnly":true,"page":{"token":"nextToken","items":"services"}},
  UpdateService: {"method":"PATCH","path":"/v1/services/{serviceId}"},
  ValidateService: {"method":"POST","path":"/v1/services/{serviceId}/validate"},
  GetValidation: {"method":"GET","path":"/v1/validations/{validationId}","readOnly":true},
  ListServiceTools: {"method":"POST","path":"/v1/services/{serviceId}/tools/list","query":["maxResults","nextToken"],"readOnly":true,"page":{"token":"nextToken","items":"tools"}},
  ListServiceAssociations: {"method":"POST","path":"/v1/services/{serviceId}/associations/list","query":["maxResults","nextToken"],"readOnly":true,"page":{"token":"nextToken","items":"associations"}},
  BatchGetAssociationCounts: {"method":"POST","path":"/v1/services/association-counts","readOnly":true},
  DeregisterService: {"method":"DELETE","path":"/v1/services/{serviceId}"},
  CreateAgentSpace: {"method":"POST","path":"/v1/agentspaces","idempotencyToken":"clientToken"},
  GetAgentSpace: {"method":"GET","path":"/v1/agentspaces/{agentSpaceId}","readOnly":true},
  ListAgentSpaces: {"method":"POST","path":"/v1/agentspaces/list","query":["maxResults","nextToken"],"readOnly":true,"page":{"token":"nextToken","items":"agentSpaces"}},
  UpdateAgentSpace: {"method":"PATCH","path":"/v1/agentspaces/{agentSpaceId}"},
  DeleteAgentSpace: {"method":"DELETE","path":"/v1/agentspaces/{agentSpaceId}"},
  AssociateService: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/associations"},
  GetAssociation: {"method":"GET","path":"/v1/agentspaces/{agentSpaceId}/associations/{associationId}","readOnly":true},
  ListAssociationTools: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/associations/{associationId}/tools/list","query":["maxResults","nextToken","filterWithheldReason"],"readOnly":true,"page":{"token":"nextToken","items":"tools"}},
  ListAssociations: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/associations/list","query":["maxResults","nextToken","filterServiceTypes"],"readOnly":true,"page":{"token":"nextToken","items":"associations"}},
  UpdateAssociation: {"method":"PATCH","path":"/v1/agentspaces/{agentSpaceId}/associations/{associationId}"},
  DisassociateService: {"method":"DELETE","path":"/v1/agentspaces/{agentSpaceId}/associations/{associationId}"},
  CreateAccessToken: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/access-tokens"},
  ListAccessTokens: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/access-tokens/list","query":["maxResults","nextToken"],"readOnly":true,"page":{"token":"nextToken","items":"accessTokens"}},
  RotateAccessToken: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/access-tokens/{tokenId}/rotate"},
  RevokeAccessToken: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/access-tokens/{tokenId}/revoke"},
  ListInvocations: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/invocations/list","query":["maxResults","nextToken","serviceId","startTime","endTime"],"readOnly":true,"page":{"token":"nextToken","items":"invocations"}},
  ListInvocationCounts: {"method":"POST","path":"/v1/agentspaces/{agentSpaceId}/invocations/counts/list","query":["maxResults","nextToken","serviceId","startTime","endTime","period"],"readOnly":true,"page":{"token":"nextToken","items":"invocationCounts"}},
  TagResource: {"method":"POST","path":"/tags/{resourceArn}"},
  UntagResource: {"method":"DELETE","path":"/tags/{resourceArn}","query":["tagKeys"]},
  ListTagsForResource: {"method":"GET","path":"/tags/{resourceArn}","readOnly":true},
  LookupEvents: {"method":"POST","path":"/","readOnly":true,"page":{"token":"NextToken","items":"Events"}},
} as const satisfies Record<string, OperationRow>;

/** One method for each operation. Errors that all share, such as ThrottlingException, are not repeated. */
export interface Methods {
  /**
   * Registers an MCP server after proving that it works with the given credential.
   * @throws SwitchboardError ConflictException, ServiceQuotaExceededException
   */
  registerService(input: Input<'RegisterService'>, options?: CallOptions): Promise<Output<'RegisterService'>>;
  /**
   * Runs the checks of RegisterService, reports them step by step and registers nothing.
   */
  validateRegistration(input: Input<'ValidateRegistration'>, options?: CallOptions): Promise<Output<'ValidateRegistration'>>;
  /**
   * Completes a registration or an update that was consented to, where whoever began it has to confirm it.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException, ServiceQuotaExceededException
   */
  completeRegistration(input: Input<'CompleteRegistration'>, options?: CallOptions): Promise<Output<'CompleteRegistration'>>;
  /**
   * Describes a registered server; credentials are never part of it.
   * @throws SwitchboardError ResourceNotFoundException
   */
  getService(input: Input<'GetService'>, options?: CallOptions): Promise<Output<'GetService'>>;
  /**
   * Lists the registered servers of the account.
   */
  listServices(input?: Input<'ListServices'>, options?: CallOptions): Promise<Output<'ListServices'>>;
  /**
   * Replaces the credential of a registered server after proving it, changes its description, or disables or enables it.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  updateService(input: Input<'UpdateService'>, options?: CallOptions): Promise<Output<'UpdateService'>>;
  /**
   * Runs the checks again with the stored credential and reports them step by step.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  validateService(input: Input<'ValidateService'>, options?: CallOptions): Promise<Output<'ValidateService'>>;
  /**
   * Tells which steps of a validation have ended, while it runs and ten minutes from its beginning; the caller chose its id.
   * @throws SwitchboardError ResourceNotFoundException
   */
  getValidation(input: Input<'GetValidation'>, options?: CallOptions): Promise<Output<'GetValidation'>>;
  /**
   * Lists the tools that the server offered when it was last asked, and when that was.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listServiceTools(input: Input<'ListServiceTools'>, options?: CallOptions): Promise<Output<'ListServiceTools'>>;
  /**
   * Lists the agent spaces that use a registered server.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listServiceAssociations(input: Input<'ListServiceAssociations'>, options?: CallOptions): Promise<Output<'ListServiceAssociations'>>;
  /**
   * Tells how many agent spaces use each of some registered servers; those that are none are left out.
   */
  batchGetAssociationCounts(input: Input<'BatchGetAssociationCounts'>, options?: CallOptions): Promise<Output<'BatchGetAssociationCounts'>>;
  /**
   * Deletes a registration that no agent space uses, with its credential.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  deregisterService(input: Input<'DeregisterService'>, options?: CallOptions): Promise<Output<'DeregisterService'>>;
  /**
   * Creates an agent space; a repeated clientToken answers with the same space for 8 hours.
   * @throws SwitchboardError ConflictException, ServiceQuotaExceededException
   */
  createAgentSpace(input: Input<'CreateAgentSpace'>, options?: CallOptions): Promise<Output<'CreateAgentSpace'>>;
  /**
   * Describes an agent space.
   * @throws SwitchboardError ResourceNotFoundException
   */
  getAgentSpace(input: Input<'GetAgentSpace'>, options?: CallOptions): Promise<Output<'GetAgentSpace'>>;
  /**
   * Lists the agent spaces of the account.
   */
  listAgentSpaces(input?: Input<'ListAgentSpaces'>, options?: CallOptions): Promise<Output<'ListAgentSpaces'>>;
  /**
   * Changes the given members of an agent space, or disables or enables it.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  updateAgentSpace(input: Input<'UpdateAgentSpace'>, options?: CallOptions): Promise<Output<'UpdateAgentSpace'>>;
  /**
   * Deletes an agent space and removes its associations.
   * @throws SwitchboardError ResourceNotFoundException
   */
  deleteAgentSpace(input: Input<'DeleteAgentSpace'>, options?: CallOptions): Promise<Output<'DeleteAgentSpace'>>;
  /**
   * Connects an agent space to a registered server, with the tools it allows.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException, ServiceQuotaExceededException
   */
  associateService(input: Input<'AssociateService'>, options?: CallOptions): Promise<Output<'AssociateService'>>;
  /**
   * Describes the connection of an agent space to a server.
   * @throws SwitchboardError ResourceNotFoundException
   */
  getAssociation(input: Input<'GetAssociation'>, options?: CallOptions): Promise<Output<'GetAssociation'>>;
  /**
   * Lists the tools of a connection with the definitions that were confirmed, and what the server offers instead.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listAssociationTools(input: Input<'ListAssociationTools'>, options?: CallOptions): Promise<Output<'ListAssociationTools'>>;
  /**
   * Lists the servers that an agent space is connected to.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listAssociations(input: Input<'ListAssociations'>, options?: CallOptions): Promise<Output<'ListAssociations'>>;
  /**
   * Replaces the allowed tools of a connection and confirms their definitions.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException, ServiceQuotaExceededException
   */
  updateAssociation(input: Input<'UpdateAssociation'>, options?: CallOptions): Promise<Output<'UpdateAssociation'>>;
  /**
   * Disconnects an agent space from a server.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  disassociateService(input: Input<'DisassociateService'>, options?: CallOptions): Promise<Output<'DisassociateService'>>;
  /**
   * Creates a token that agents reach an agent space with, and shows its value this once.
   * @throws SwitchboardError ResourceNotFoundException, ServiceQuotaExceededException, ContentSizeExceededException
   */
  createAccessToken(input: Input<'CreateAccessToken'>, options?: CallOptions): Promise<Output<'CreateAccessToken'>>;
  /**
   * Lists the access tokens of an agent space, without their values.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listAccessTokens(input: Input<'ListAccessTokens'>, options?: CallOptions): Promise<Output<'ListAccessTokens'>>;
  /**
   * Gives an access token a new value and a fresh period; the old value is dead at once.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException, ServiceQuotaExceededException
   */
  rotateAccessToken(input: Input<'RotateAccessToken'>, options?: CallOptions): Promise<Output<'RotateAccessToken'>>;
  /**
   * Ends an access token for good.
   * @throws SwitchboardError ResourceNotFoundException
   */
  revokeAccessToken(input: Input<'RevokeAccessToken'>, options?: CallOptions): Promise<Output<'RevokeAccessToken'>>;
  /**
   * Lists the tool calls of an agent space, newest first; a short page may have a next one.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listInvocations(input: Input<'ListInvocations'>, options?: CallOptions): Promise<Output<'ListInvocations'>>;
  /**
   * Counts the tool calls of an agent space by hour or day, newest first; counts of one period in two pages add up.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listInvocationCounts(input: Input<'ListInvocationCounts'>, options?: CallOptions): Promise<Output<'ListInvocationCounts'>>;
  /**
   * Adds tags to a server or an agent space, or replaces their values.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  tagResource(input: Input<'TagResource'>, options?: CallOptions): Promise<Output<'TagResource'>>;
  /**
   * Removes tags from a server or an agent space.
   * @throws SwitchboardError ResourceNotFoundException, ConflictException
   */
  untagResource(input: Input<'UntagResource'>, options?: CallOptions): Promise<Output<'UntagResource'>>;
  /**
   * Lists the tags of a server or an agent space.
   * @throws SwitchboardError ResourceNotFoundException
   */
  listTagsForResource(input: Input<'ListTagsForResource'>, options?: CallOptions): Promise<Output<'ListTagsForResource'>>;
  /**
   * Looks up management events of the last 90 days by one attribute and a time range, newest first.
   * @throws SwitchboardError InvalidLookupAttributesException, InvalidTimeRangeException, InvalidMaxResultsException, InvalidNextTokenException, InvalidEventCategoryException
   */
  lookupEvents(input?: Input<'LookupEvents'>, options?: CallOptions): Promise<Output<'LookupEvents'>>;
}

/** The methods that answer page by page, with their operations. */
export interface PagedMethods {
  listAccessTokens: 'ListAccessTokens';
  listAgentSpaces: 'ListAgentSpaces';
  listAssociationTools: 'ListAssociationTools';
  listAssociations: 'ListAssociations';
  listInvocationCounts: 'ListInvocationCounts';
  listInvocations: 'ListInvocations';
  listServiceAssociations: 'ListServiceAssociations';
  listServiceTools: 'ListServiceTools';
  listServices: 'ListServices';
  lookupEvents: 'LookupEvents';
}

/** Every error that the API answers with. */
export type ErrorName =
  | 'ValidationException'
  | 'InvalidParameterException'
  | 'ContentSizeExceededException'
  | 'ServiceQuotaExceededException'
  | 'ConflictException'
  | 'ResourceNotFoundException'
  | 'AccessDeniedException'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'MissingAuthenticationTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'UnrecognizedClientException'
  | 'InvalidLookupAttributesException'
  | 'InvalidTimeRangeException'
  | 'InvalidMaxResultsException'
  | 'InvalidNextTokenException'
  | 'InvalidEventCategoryException'
  | 'ServiceUnavailableException'
  | 'InternalServerException';
