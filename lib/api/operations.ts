import * as z from 'zod';
import type { Operation } from './operation.ts';
import {
  AccessToken,
  AccessTokenId,
  AccessTokenValue,
  createAccessTokenMembers,
} from './schemas/accessTokens.ts';
import { KmsKeyArn, MaxResults, NextToken, ResourceArn, TagKey, Tags, Timestamp } from './schemas/common.ts';
import { CountPeriod, InvocationCountsList, InvocationList, TimeBound } from './schemas/invocations.ts';
import {
  AdditionalServiceRegistrationStep,
  ConfirmationToken,
  PostRegisterServiceSupportedService,
  RegisteredService,
  RegisteredServicesList,
  registrationMembers,
  Service,
  ServiceId,
  ServiceState,
  ServiceToolsPage,
  UpdateServiceDetails,
} from './schemas/services.ts';
import {
  AgentSpace,
  AgentSpaceId,
  Association,
  AssociationCapabilities,
  AssociationId,
  AssociationTools,
  ConfirmedToolReason,
  createAgentSpaceMembers,
  FilterServiceTypes,
  GenericWebhook,
  ServiceConfiguration,
  updateAgentSpaceMembers,
} from './schemas/spaces.ts';
import { LookupEventsResponse, lookupEventsMembers } from './schemas/trail.ts';
import { Validation, ValidationId, ValidationReport, ValidationWarnings } from './schemas/validations.ts';

const page = { maxResults: MaxResults.optional(), nextToken: NextToken.optional() };
const PAGE_QUERY = ['maxResults', 'nextToken'] as const;
const nothing = z.object({});

type Row<I extends z.ZodObject, O extends z.ZodObject> = Omit<Operation<I, O>, 'protocol' | 'query'> &
  Partial<Pick<Operation<I, O>, 'protocol' | 'query'>>;

function operation<I extends z.ZodObject, O extends z.ZodObject>(row: Row<I, O>): Operation<I, O> {
  return { protocol: 'restJson1', query: [], ...row };
}

/** What both ways to write an association answer with. */
const changedAssociation = z.object({
  association: Association,
  webhook: GenericWebhook.optional(),
  warnings: ValidationWarnings.optional(),
});

const ASSOCIATION_ERRORS = [
  'ResourceNotFoundException',
  'ConflictException',
  'ServiceQuotaExceededException',
] as const;

/** What creating a token and rotating it answer with: nothing else ever holds the value. */
const issuedAccessToken = z.object({ accessToken: AccessToken, tokenValue: AccessTokenValue });

const accessTokensPath = '/v1/agentspaces/{agentSpaceId}/access-tokens';
const oneAccessToken = z.strictObject({ agentSpaceId: AgentSpaceId, tokenId: AccessTokenId });

const associationPath = '/v1/agentspaces/{agentSpaceId}/associations/{associationId}';

/**
 * The operation table. Public operations follow devops-agent-2026-01-01 (botocore service model) and
 * CloudTrail's LookupEvents; `extension: true` marks ours.
 */
export const operations = {
  RegisterService: operation({
    name: 'RegisterService',
    method: 'POST',
    path: '/v1/register/{service}',
    status: 201,
    input: z.strictObject(registrationMembers),
    output: z.object({
      serviceId: ServiceId.optional(),
      additionalStep: AdditionalServiceRegistrationStep.optional(),
      kmsKeyArn: KmsKeyArn.optional(),
      tags: Tags.optional(),
      warnings: ValidationWarnings.optional(),
    }),
    access: 'write',
    extension: false,
    errors: ['ConflictException', 'ServiceQuotaExceededException'],
    summary: 'Registers an MCP server after proving that it works with the given credential.',
  }),
  ValidateRegistration: operation({
    name: 'ValidateRegistration',
    method: 'POST',
    path: '/v1/register/{service}/validate',
    status: 200,
    input: z.strictObject({ ...registrationMembers, validationId: ValidationId.optional() }),
    output: z.object({
      report: ValidationReport,
      externalId: z.string().meta({ id: 'ExternalId' }).optional(),
    }),
    access: 'write',
    extension: true,
    errors: [],
    summary: 'Runs the checks of RegisterService, reports them step by step and registers nothing.',
  }),
  CompleteRegistration: operation({
    name: 'CompleteRegistration',
    method: 'POST',
    path: '/v1/register/{service}/complete',
    status: 200,
    input: z.strictObject({
      service: PostRegisterServiceSupportedService,
      confirmationToken: ConfirmationToken,
    }),
    output: z.object({ serviceId: ServiceId, warnings: ValidationWarnings.optional() }),
    access: 'write',
    extension: true,
    errors: ['ResourceNotFoundException', 'ConflictException', 'ServiceQuotaExceededException'],
    summary:
      'Completes a registration or an update that was consented to, where whoever began it has to confirm it.',
  }),
  GetService: operation({
    name: 'GetService',
    method: 'GET',
    path: '/v1/services/{serviceId}',
    status: 200,
    input: z.strictObject({ serviceId: ServiceId }),
    output: z.object({ service: RegisteredService, tags: Tags.optional(), arn: ResourceArn }),
    access: 'read',
    extension: false,
    errors: ['ResourceNotFoundException'],
    summary: 'Describes a registered server; credentials are never part of it.',
  }),
  ListServices: operation({
    name: 'ListServices',
    method: 'POST',
    path: '/v1/services/list',
    query: [...PAGE_QUERY, 'filterServiceType'],
    status: 200,
    input: z.strictObject({ ...page, filterServiceType: Service.optional() }),
    output: z.object({ nextToken: NextToken.optional(), services: RegisteredServicesList }),
    access: 'read',
    extension: false,
    errors: [],
    paginated: 'services',
    summary: 'Lists the registered servers of the account.',
  }),
  UpdateService: operation({
    name: 'UpdateService',
    method: 'PATCH',
    path: '/v1/services/{serviceId}',
    status: 200,
    input: z.strictObject({
      serviceId: ServiceId,
      description: z
        .string()
        .max(500)
        .regex(/^[\p{L}\p{N}\p{P}\p{S}\p{Z}]*$/u, 'must not hold control characters')
        .meta({ id: 'UpdateServiceDescription', 'x-sensitive': true })
        .optional(),
      state: ServiceState.optional(),
      serviceDetails: UpdateServiceDetails.optional(),
    }),
    output: z.object({
      service: RegisteredService,
      additionalStep: AdditionalServiceRegistrationStep.optional(),
      warnings: ValidationWarnings.optional(),
    }),
    access: 'write',
    extension: true,
    errors: ['ResourceNotFoundException', 'ConflictException'],
    summary:
      'Replaces the credential of a registered server after proving it, changes its description, or disables or enables it.',
  }),
  ValidateService: operation({
    name: 'ValidateService',
    method: 'POST',
    path: '/v1/services/{serviceId}/validate',
    status: 200,
    input: z.strictObject({ serviceId: ServiceId, validationId: ValidationId.optional() }),
    output: z.object({ report: ValidationReport }),
    access: 'write',
    extension: true,
    errors: ['ResourceNotFoundException', 'ConflictException'],
    summary: 'Runs the checks again with the stored credential and reports them step by step.',
  }),
  GetValidation: operation({
    name: 'GetValidation',
    method: 'GET',
    path: '/v1/validations/{validationId}',
    status: 200,
    input: z.strictObject({ validationId: ValidationId }),
    output: z.object({ validation: Validation }),
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    summary:
      'Tells which steps of a validation have ended, while it runs and ten minutes from its beginning; the caller chose its id.',
  }),
  ListServiceTools: operation({
    name: 'ListServiceTools',
    method: 'POST',
    path: '/v1/services/{serviceId}/tools/list',
    query: PAGE_QUERY,
    status: 200,
    input: z.strictObject({ serviceId: ServiceId, ...page }),
    output: ServiceToolsPage,
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    paginated: 'tools',
    summary: 'Lists the tools that the server offered when it was last asked, and when that was.',
  }),
  ListServiceAssociations: operation({
    name: 'ListServiceAssociations',
    method: 'POST',
    path: '/v1/services/{serviceId}/associations/list',
    query: PAGE_QUERY,
    status: 200,
    input: z.strictObject({ serviceId: ServiceId, ...page }),
    output: z.object({
      nextToken: NextToken.optional(),
      associations: z
        .array(
          z
            .object({
              agentSpaceId: AgentSpaceId,
              associationId: AssociationId,
              serviceId: ServiceId,
              createdAt: Timestamp,
            })
            .meta({ id: 'ServiceAssociation' }),
        )
        .meta({ id: 'ServiceAssociationsList' }),
    }),
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    paginated: 'associations',
    summary: 'Lists the agent spaces that use a registered server.',
  }),
  BatchGetAssociationCounts: operation({
    name: 'BatchGetAssociationCounts',
    method: 'POST',
    path: '/v1/services/association-counts',
    status: 200,
    input: z.strictObject({
      serviceIds: z.array(ServiceId).min(1).max(25).meta({ id: 'ServiceIdList' }),
    }),
    output: z.object({
      associationCounts: z
        .array(z.object({ serviceId: ServiceId, associationCount: z.int() }).meta({ id: 'AssociationCount' }))
        .meta({ id: 'AssociationCountsList' }),
    }),
    access: 'read',
    extension: true,
    errors: [],
    summary:
      'Tells how many agent spaces use each of some registered servers; those that are none are left out.',
  }),
  DeregisterService: operation({
    name: 'DeregisterService',
    method: 'DELETE',
    path: '/v1/services/{serviceId}',
    status: 200,
    input: z.strictObject({ serviceId: ServiceId }),
    output: nothing,
    access: 'write',
    extension: false,
    errors: ['ResourceNotFoundException', 'ConflictException'],
    summary: 'Deletes a registration that no agent space uses, with its credential.',
  }),
  CreateAgentSpace: operation({
    name: 'CreateAgentSpace',
    method: 'POST',
    path: '/v1/agentspaces',
    status: 201,
    input: z.strictObject(createAgentSpaceMembers),
    output: z.object({ agentSpace: AgentSpace, tags: Tags.optional() }),
    access: 'write',
    extension: false,
    errors: ['ConflictException', 'ServiceQuotaExceededException'],
    summary: 'Creates an agent space; a repeated clientToken answers with the same space for 8 hours.',
  }),
  GetAgentSpace: operation({
    name: 'GetAgentSpace',
    method: 'GET',
    path: '/v1/agentspaces/{agentSpaceId}',
    status: 200,
    input: z.strictObject({ agentSpaceId: AgentSpaceId }),
    output: z.object({ agentSpace: AgentSpace, tags: Tags.optional(), arn: ResourceArn }),
    access: 'read',
    extension: false,
    errors: ['ResourceNotFoundException'],
    summary: 'Describes an agent space.',
  }),
  ListAgentSpaces: operation({
    name: 'ListAgentSpaces',
    method: 'POST',
    path: '/v1/agentspaces/list',
    query: PAGE_QUERY,
    status: 200,
    input: z.strictObject(page),
    output: z.object({
      nextToken: NextToken.optional(),
      agentSpaces: z.array(AgentSpace).meta({ id: 'AgentSpaceList' }),
    }),
    access: 'read',
    extension: false,
    errors: [],
    paginated: 'agentSpaces',
    summary: 'Lists the agent spaces of the account.',
  }),
  UpdateAgentSpace: operation({
    name: 'UpdateAgentSpace',
    method: 'PATCH',
    path: '/v1/agentspaces/{agentSpaceId}',
    status: 200,
    input: z.strictObject(updateAgentSpaceMembers),
    output: z.object({ agentSpace: AgentSpace }),
    access: 'write',
    extension: false,
    errors: ['ResourceNotFoundException', 'ConflictException'],
    summary: 'Changes the given members of an agent space, or disables or enables it.',
  }),
  DeleteAgentSpace: operation({
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
  }),
  AssociateService: operation({
    name: 'AssociateService',
    method: 'POST',
    path: '/v1/agentspaces/{agentSpaceId}/associations',
    status: 201,
    input: z.strictObject({
      agentSpaceId: AgentSpaceId,
      serviceId: ServiceId,
      configuration: ServiceConfiguration,
      capabilities: AssociationCapabilities.optional(),
    }),
    output: changedAssociation,
    access: 'write',
    extension: false,
    errors: ASSOCIATION_ERRORS,
    summary: 'Connects an agent space to a registered server, with the tools it allows.',
  }),
  GetAssociation: operation({
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
  }),
  ListAssociationTools: operation({
    name: 'ListAssociationTools',
    method: 'POST',
    path: `${associationPath}/tools/list`,
    query: [...PAGE_QUERY, 'filterWithheldReason'],
    status: 200,
    input: z.strictObject({
      agentSpaceId: AgentSpaceId,
      associationId: AssociationId,
      ...page,
      filterWithheldReason: ConfirmedToolReason.optional(),
    }),
    output: z.object({ nextToken: NextToken.optional(), tools: AssociationTools }),
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    paginated: 'tools',
    summary:
      'Lists the tools of a connection with the definitions that were confirmed, and what the server offers instead.',
  }),
  ListAssociations: operation({
    name: 'ListAssociations',
    method: 'POST',
    path: '/v1/agentspaces/{agentSpaceId}/associations/list',
    query: [...PAGE_QUERY, 'filterServiceTypes'],
    status: 200,
    input: z.strictObject({
      agentSpaceId: AgentSpaceId,
      ...page,
      filterServiceTypes: FilterServiceTypes.optional(),
    }),
    output: z.object({
      nextToken: NextToken.optional(),
      associations: z.array(Association).meta({ id: 'AssociationsList' }),
    }),
    access: 'read',
    extension: false,
    errors: ['ResourceNotFoundException'],
    paginated: 'associations',
    summary: 'Lists the servers that an agent space is connected to.',
  }),
  UpdateAssociation: operation({
    name: 'UpdateAssociation',
    method: 'PATCH',
    path: associationPath,
    status: 200,
    input: z.strictObject({
      agentSpaceId: AgentSpaceId,
      associationId: AssociationId,
      configuration: ServiceConfiguration,
      capabilities: AssociationCapabilities.optional(),
    }),
    output: changedAssociation,
    access: 'write',
    extension: false,
    errors: ASSOCIATION_ERRORS,
    summary: 'Replaces the allowed tools of a connection and confirms their definitions.',
  }),
  DisassociateService: operation({
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
  }),
  CreateAccessToken: operation({
    name: 'CreateAccessToken',
    method: 'POST',
    path: accessTokensPath,
    status: 201,
    input: z.strictObject(createAccessTokenMembers),
    output: issuedAccessToken,
    access: 'write',
    extension: true,
    errors: ['ResourceNotFoundException', 'ServiceQuotaExceededException', 'ContentSizeExceededException'],
    summary: 'Creates a token that agents reach an agent space with, and shows its value this once.',
  }),
  ListAccessTokens: operation({
    name: 'ListAccessTokens',
    method: 'POST',
    path: `${accessTokensPath}/list`,
    query: PAGE_QUERY,
    status: 200,
    input: z.strictObject({ agentSpaceId: AgentSpaceId, ...page }),
    output: z.object({
      nextToken: NextToken.optional(),
      accessTokens: z.array(AccessToken).meta({ id: 'AccessTokensList' }),
    }),
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    paginated: 'accessTokens',
    summary: 'Lists the access tokens of an agent space, without their values.',
  }),
  RotateAccessToken: operation({
    name: 'RotateAccessToken',
    method: 'POST',
    path: `${accessTokensPath}/{tokenId}/rotate`,
    status: 200,
    input: oneAccessToken,
    output: issuedAccessToken,
    access: 'write',
    extension: true,
    errors: ['ResourceNotFoundException', 'ConflictException', 'ServiceQuotaExceededException'],
    summary: 'Gives an access token a new value and a fresh period; the old value is dead at once.',
  }),
  RevokeAccessToken: operation({
    name: 'RevokeAccessToken',
    method: 'POST',
    path: `${accessTokensPath}/{tokenId}/revoke`,
    status: 204,
    input: oneAccessToken,
    output: nothing,
    access: 'write',
    extension: true,
    errors: ['ResourceNotFoundException'],
    summary: 'Ends an access token for good.',
  }),
  ListInvocations: operation({
    name: 'ListInvocations',
    method: 'POST',
    path: '/v1/agentspaces/{agentSpaceId}/invocations/list',
    query: [...PAGE_QUERY, 'serviceId', 'startTime', 'endTime'],
    status: 200,
    input: z.strictObject({
      agentSpaceId: AgentSpaceId,
      ...page,
      serviceId: ServiceId.optional(),
      startTime: TimeBound.optional(),
      endTime: TimeBound.optional(),
    }),
    output: z.object({ nextToken: NextToken.optional(), invocations: InvocationList }),
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    paginated: 'invocations',
    summary: 'Lists the tool calls of an agent space, newest first; a short page may have a next one.',
  }),
  ListInvocationCounts: operation({
    name: 'ListInvocationCounts',
    method: 'POST',
    path: '/v1/agentspaces/{agentSpaceId}/invocations/counts/list',
    query: [...PAGE_QUERY, 'serviceId', 'startTime', 'endTime', 'period'],
    status: 200,
    input: z.strictObject({
      agentSpaceId: AgentSpaceId,
      ...page,
      serviceId: ServiceId.optional(),
      startTime: TimeBound.optional(),
      endTime: TimeBound.optional(),
      period: CountPeriod.optional(),
    }),
    output: z.object({ nextToken: NextToken.optional(), invocationCounts: InvocationCountsList }),
    access: 'read',
    extension: true,
    errors: ['ResourceNotFoundException'],
    paginated: 'invocationCounts',
    summary:
      'Counts the tool calls of an agent space by hour or day, newest first; counts of one period in two pages add up.',
  }),
  TagResource: operation({
    name: 'TagResource',
    method: 'POST',
    path: '/tags/{resourceArn}',
    status: 204,
    input: z.strictObject({ resourceArn: ResourceArn, tags: Tags }),
    output: nothing,
    access: 'write',
    extension: false,
    errors: ['ResourceNotFoundException', 'ConflictException'],
    summary: 'Adds tags to a server or an agent space, or replaces their values.',
  }),
  UntagResource: operation({
    name: 'UntagResource',
    method: 'DELETE',
    path: '/tags/{resourceArn}',
    query: ['tagKeys'],
    status: 204,
    input: z.strictObject({
      resourceArn: ResourceArn,
      tagKeys: z.array(TagKey).min(1).max(50).meta({ id: 'TagKeyList' }),
    }),
    output: nothing,
    access: 'write',
    extension: false,
    errors: ['ResourceNotFoundException', 'ConflictException'],
    summary: 'Removes tags from a server or an agent space.',
  }),
  ListTagsForResource: operation({
    name: 'ListTagsForResource',
    method: 'GET',
    path: '/tags/{resourceArn}',
    status: 200,
    input: z.strictObject({ resourceArn: ResourceArn }),
    output: z.object({ tags: Tags }),
    access: 'read',
    extension: false,
    errors: ['ResourceNotFoundException'],
    summary: 'Lists the tags of a server or an agent space.',
  }),
  LookupEvents: operation({
    name: 'LookupEvents',
    method: 'POST',
    path: '/',
    protocol: 'awsJson1_1',
    status: 200,
    input: z.strictObject(lookupEventsMembers),
    output: LookupEventsResponse,
    access: 'read',
    extension: false,
    errors: [
      'InvalidLookupAttributesException',
      'InvalidTimeRangeException',
      'InvalidMaxResultsException',
      'InvalidNextTokenException',
      'InvalidEventCategoryException',
    ],
    fieldErrors: {
      LookupAttributes: 'InvalidLookupAttributesException',
      StartTime: 'InvalidTimeRangeException',
      EndTime: 'InvalidTimeRangeException',
      MaxResults: 'InvalidMaxResultsException',
      NextToken: 'InvalidNextTokenException',
      EventCategory: 'InvalidEventCategoryException',
    },
    summary:
      'Looks up management events of the last 90 days by one attribute and a time range, newest first.',
  }),
} as const;

export type OperationName = keyof typeof operations;

/** The table as a list of plain rows. */
export const operationList: readonly Operation[] = Object.values(operations);
