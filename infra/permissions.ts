import { auditPermissions } from './auditPermissions.ts';
import type { Statement } from './cloudformation.ts';
import {
  decryptCredentials,
  decryptOAuthClients,
  encryptCredentials,
  encryptTokens,
} from './credentialKey.ts';
import { type Grant, queryTrailIndexes, tableStatements } from './grants.ts';

/** Every call leaves an event, and marks its hour; a function that changes nothing may write nothing else. */
const recordEvent: Grant = { PutItem: ['event', 'eventReference', 'archiveMarks'] };
const readService: Grant = { GetItem: ['services'], ...recordEvent };
const readSpace: Grant = { GetItem: ['spaces'], ...recordEvent };

/** lib/associations/reconcile.ts: brings associations up to a new tool list. */
const reconcile: Grant = {
  GetItem: ['services', 'spaces', 'spaceParts'],
  Query: ['serviceParts', 'spaceParts'],
  UpdateItem: ['spaces', 'spaceParts'],
  PutItem: ['spaceParts'],
  DeleteItem: ['spaceParts'],
};

/** lib/services/keepReport.ts and keepCatalogue.ts: what a server was found to be. */
const keepCatalogue: Grant = {
  UpdateItem: ['services'],
  PutItem: ['serviceParts'],
  DeleteItem: ['serviceParts'],
};

/** lib/oauth/storedTokens.ts: tokens that are renewed once for all, scopes that a server demands. */
const useTokens: Grant = {
  GetItem: ['services', 'serviceParts'],
  BatchGetItem: ['serviceParts'],
  UpdateItem: ['services'],
  PutItem: ['serviceParts'],
  DeleteItem: ['serviceParts'],
  ConditionCheckItem: ['serviceParts'],
};

/** Whatever asks a registered server with its credential. */
const reachServer: Grant[] = [useTokens, keepCatalogue, reconcile, recordEvent];
const reachWithCredential = [...decryptCredentials, ...encryptTokens];

/** For SigV4-signed servers: roles of callers' accounts that trust this deployment with their ExternalId. */
const assumeRoles: Statement = {
  Effect: 'Allow',
  Action: ['sts:AssumeRole'],
  Resource: 'arn:aws:iam::*:role/*',
  Condition: { StringLike: { 'sts:ExternalId': 'switchboard-*' } },
};

const countValidation: Grant = { UpdateItem: ['validations'] };
/** lib/services/validationProgress.ts */
const followValidation: Grant = { PutItem: ['validation'] };

/** lib/services/beginConsent.ts: a consent that waits, with a client that may have to be registered first. */
const beginConsent: Grant = {
  GetItem: ['oauthClient'],
  PutItem: ['pending', 'oauthClient', 'clientLooks'],
  UpdateItem: ['oauthClient', 'clientRegistrations'],
};

/** lib/services/storeRegistration.ts */
const storeRegistration: Grant = {
  PutItem: ['services', 'serviceName', 'serviceParts', 'healthChecks'],
  UpdateItem: ['count', 'oauthClient'],
};

/** lib/services/replaceCredential.ts */
const replaceCredential: Grant = {
  GetItem: ['services'],
  UpdateItem: ['services', 'oauthClient'],
  PutItem: ['serviceParts', 'clientLooks'],
  DeleteItem: ['serviceParts'],
};

/** What ends a consent: a registration, or a credential in another's place. */
const endConsent: Grant[] = [
  { GetItem: ['pending'], UpdateItem: ['pending'] },
  storeRegistration,
  replaceCredential,
  reconcile,
  recordEvent,
];

/** lib/accessTokens/places.ts: places of expired tokens are freed for new ones. */
const issueToken: Grant = {
  BatchGetItem: ['spaceParts'],
  ConditionCheckItem: ['spaces', 'spaceParts'],
  PutItem: ['accessToken', 'spaceParts'],
  UpdateItem: ['accessToken', 'spaceParts'],
};

/** lib/spaces/sweepDeletedSpaces.ts */
const sweepSpace: Grant = {
  Query: ['spaceParts'],
  UpdateItem: ['serviceParts'],
  DeleteItem: ['spaceParts', 'serviceParts', 'accessToken', 'deletions'],
};

/** lib/associations/putAssociation.ts */
const associate: Grant = {
  GetItem: ['services', 'spaces', 'spaceParts'],
  PutItem: ['spaceParts', 'serviceParts'],
  UpdateItem: ['spaces', 'spaceParts', 'serviceParts'],
};

const changeTags: Grant = {
  GetItem: ['services', 'spaces'],
  UpdateItem: ['services', 'spaces'],
  ...recordEvent,
};

const allow = (...grants: Grant[]): Statement[] => tableStatements(...grants);
const agents = [
  ...allow(...reachServer, {
    BatchGetItem: ['services'],
    GetItem: ['spaces', 'accessToken'],
    UpdateItem: ['accessToken'],
    // The history of tool calls.
    BatchWriteItem: ['spaceParts'],
  }),
  ...reachWithCredential,
  assumeRoles,
];

/**
 * What each function may do beside writing its logs and traces: what its code does, and nothing else. Whoever
 * registers servers cannot read their credentials, and whoever uses credentials writes refreshed tokens only; the end
 * of a consent reads what its beginning sealed.
 */
export const permissions: Readonly<Record<string, Statement[]>> = {
  ...auditPermissions,
  associateService: [...allow(...reachServer, associate), ...reachWithCredential, assumeRoles],
  batchGetAssociationCounts: allow(recordEvent, { BatchGetItem: ['serviceParts'] }),
  checkServiceHealth: [
    ...allow(...reachServer, {
      Query: ['healthChecks'],
      PutItem: ['healthChecks'],
      DeleteItem: ['healthChecks'],
    }),
    ...reachWithCredential,
    assumeRoles,
  ],
  clientMetadata: [],
  completeRegistration: [...allow(...endConsent), ...encryptCredentials, ...decryptCredentials],
  createAccessToken: allow(issueToken, recordEvent),
  createAgentSpace: allow(readSpace, { PutItem: ['spaces', 'pending'], UpdateItem: ['count'] }),
  deleteAgentSpace: allow(sweepSpace, recordEvent, {
    PutItem: ['deletions'],
    UpdateItem: ['count'],
    DeleteItem: ['spaces'],
  }),
  deregisterService: allow(readService, {
    Query: ['serviceParts'],
    PutItem: ['clientLooks'],
    UpdateItem: ['count', 'oauthClient'],
    DeleteItem: ['services', 'serviceName', 'serviceParts'],
  }),
  disassociateService: allow(recordEvent, {
    GetItem: ['services', 'spaceParts'],
    UpdateItem: ['spaces', 'spaceParts', 'serviceParts'],
    DeleteItem: ['spaceParts', 'serviceParts'],
  }),
  getAgentSpace: allow(readSpace),
  getAssociation: allow(readSpace, { GetItem: ['spaceParts'] }),
  getService: allow(readService),
  getValidation: allow(recordEvent, { GetItem: ['validation'] }),
  listAccessTokens: allow(readSpace, { Query: ['spaceParts'], BatchGetItem: ['accessToken'] }),
  listAgentSpaces: allow(recordEvent, { Query: ['spaces'] }),
  listAssociationTools: allow(readSpace, {
    GetItem: ['spaceParts'],
    Query: ['spaceParts', 'serviceParts'],
  }),
  listAssociations: allow(readSpace, { Query: ['spaceParts'] }),
  listInvocationCounts: allow(readSpace, { Query: ['spaceParts'] }),
  listInvocations: allow(readSpace, { Query: ['spaceParts'] }),
  listServiceAssociations: allow(recordEvent, { GetItem: ['serviceParts'], Query: ['serviceParts'] }),
  listServiceTools: allow(readService, { Query: ['serviceParts'] }),
  listServices: allow(recordEvent, { Query: ['services'] }),
  listTagsForResource: allow(readService, readSpace),
  lookupEvents: [
    ...allow(recordEvent, { BatchGetItem: ['event'], Query: ['event', 'eventReference'] }),
    queryTrailIndexes,
  ],
  mcpGateway: agents,
  mcpGatewaySigned: agents,
  oauthCallback: [
    ...allow(...endConsent, { DeleteItem: ['oauthClient'] }),
    ...encryptCredentials,
    ...decryptCredentials,
  ],
  oauthConsent: [...allow({ GetItem: ['pending'], UpdateItem: ['pending'] }), ...decryptCredentials],
  registerService: [
    ...allow(countValidation, beginConsent, storeRegistration, recordEvent, { GetItem: ['serviceName'] }),
    ...encryptCredentials,
    decryptOAuthClients,
    assumeRoles,
  ],
  removeAbandonedClients: [
    ...allow({
      GetItem: ['oauthClient'],
      Query: ['clientLooks'],
      PutItem: ['clientLooks'],
      UpdateItem: ['oauthClient'],
      DeleteItem: ['oauthClient', 'clientLooks'],
    }),
    decryptOAuthClients,
  ],
  revokeAccessToken: allow(recordEvent, {
    GetItem: ['spaceParts'],
    UpdateItem: ['spaceParts'],
    DeleteItem: ['accessToken', 'spaceParts'],
    ConditionCheckItem: ['spaces'],
  }),
  rotateAccessToken: allow(issueToken, recordEvent, { GetItem: ['spaceParts'] }),
  sweepDeletedSpaces: allow(sweepSpace, { Query: ['deletions'] }),
  tagResource: allow(changeTags),
  untagResource: allow(changeTags),
  updateAgentSpace: allow(readSpace, { UpdateItem: ['spaces'] }),
  updateAssociation: [...allow(...reachServer, associate), ...reachWithCredential, assumeRoles],
  updateService: [
    ...allow(countValidation, followValidation, beginConsent, replaceCredential, reconcile, recordEvent),
    ...encryptCredentials,
    decryptOAuthClients,
    assumeRoles,
  ],
  validateRegistration: [...allow(countValidation, followValidation, recordEvent), assumeRoles],
  validateService: [
    ...allow(countValidation, followValidation, ...reachServer),
    ...reachWithCredential,
    assumeRoles,
  ],
};
