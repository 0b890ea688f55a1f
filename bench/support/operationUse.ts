import { type OperationName, operationList, operations } from '../../lib/api/operations.ts';
import { createInvocationLog } from '../../lib/invocations/invocationLog.ts';
import { type App, apiKeyRegistration, startApp } from '../../test/support/app.ts';
import { factsOf } from '../../test/support/invocations.ts';
import { startModern } from '../../test/support/mcp/modern.ts';
import { waitingConsent } from '../../test/support/oauth/waitingConsent.ts';
import { meterStore, type StoreMeter, type StoreUse } from './storeMeter.ts';

/** One operation called once, with success. */
export interface MeasuredCall {
  operation: OperationName;
  /** What is special about this call, where an operation is called in several ways. */
  variant: string;
  use: StoreUse;
  /** What of the target the call misses; empty where it keeps it. */
  misses: string[];
}

const KEY = 'key-of-the-bench';
const TOKEN = 'token-of-the-bench';

/** Calls every operation of the table at least once, on a fresh database, and counts what each asks of it. */
export async function measureOperations(): Promise<MeasuredCall[]> {
  const [app, peer, consented] = await Promise.all([
    startApp(),
    startModern({ auth: { header: 'x-api-key', value: KEY } }),
    startModern({ auth: { header: 'authorization', value: `Bearer ${TOKEN}` } }),
  ]);
  try {
    const calls = await happyPath(app, peer.url, consented.url);
    refuseGaps(calls);
    return calls;
  } finally {
    await Promise.all([app.stop(), peer.close(), consented.close()]);
  }
}

async function happyPath(app: App, serverUrl: string, consentedUrl: string): Promise<MeasuredCall[]> {
  const meter = meterStore(app.deps.store, { capacity: false });
  const calls: MeasuredCall[] = [];
  const call = async (operation: OperationName, input: object = {}, variant = '') => {
    const { body, use } = await measureCall(app, meter, operation, input);
    calls.push({ operation, variant, use, misses: missesOf(operation, use) });
    return body;
  };
  const space = await aSpaceIsMade(call);
  const serviceId = await aServerIsRegistered(call, serverUrl);
  const validation = apiKeyRegistration('followed', serverUrl, KEY);
  await aValidationIsFollowed(call, validationId =>
    meter.measure(() => app.call('ValidateRegistration', { ...validation, validationId })),
  );
  const associationId = await theyAreConnected(call, space, serviceId);
  await callsAreListed(call, app, space);
  await eventsAreLookedUp(call, serviceId);
  await everythingGoes(call, space, serviceId, associationId);
  await aConsentIsCompleted(call, consentedUrl, async url => {
    // What the browser's part asks counts for no operation.
    const { value } = await meter.measure(() => waitingConsent(url, TOKEN, app.deps));
    return value;
  });
  return calls;
}

// biome-ignore lint/suspicious/noExplicitAny: answers as they are on the wire
type Call = (operation: OperationName, input?: object, variant?: string) => Promise<any>;

async function aSpaceIsMade(call: Call): Promise<string> {
  // The AWS CLI and SDKs always send a clientToken.
  const created = await call('CreateAgentSpace', { name: 'team', clientToken: 'c'.repeat(36) });
  const { agentSpaceId } = created.agentSpace;
  await call('GetAgentSpace', { agentSpaceId });
  await call('ListAgentSpaces');
  await call('UpdateAgentSpace', { agentSpaceId, description: 'Runs the night shift.' });
  return agentSpaceId;
}

async function aServerIsRegistered(call: Call, serverUrl: string): Promise<string> {
  const registration = apiKeyRegistration('notes', serverUrl, KEY);
  await call('ValidateRegistration', registration);
  const { serviceId } = await call('RegisterService', registration);
  await call('GetService', { serviceId });
  await call('ListServices', { maxResults: 10 });
  await call('UpdateService', { serviceId, description: 'Keeps notes.' });
  await call('ValidateService', { serviceId });
  await call('ListServiceTools', { serviceId });
  const resourceArn = `arn:aws:aidevops:us-east-1:111122223333:service/${serviceId}`;
  await call('TagResource', { resourceArn, tags: { team: 'night' } });
  await call('ListTagsForResource', { resourceArn });
  await call('UntagResource', { resourceArn, tagKeys: ['team'] });
  return serviceId;
}

/** How many writes its progress takes depends on how fast the server is: only reading it is measured. */
async function aValidationIsFollowed(
  call: Call,
  validate: (validationId: string) => Promise<unknown>,
): Promise<void> {
  const validationId = 'v'.repeat(36);
  await validate(validationId);
  await call('GetValidation', { validationId });
}

async function theyAreConnected(call: Call, agentSpaceId: string, serviceId: string): Promise<string> {
  const configuration = { mcpserver: { tools: ['echo', 'add'] } };
  const created = await call('AssociateService', { agentSpaceId, serviceId, configuration }, 'creates');
  const { associationId } = created.association;
  await call('AssociateService', { agentSpaceId, serviceId, configuration }, 'replaces');
  await call('GetAssociation', { agentSpaceId, associationId });
  await call('ListAssociationTools', { agentSpaceId, associationId });
  await call('ListAssociations', { agentSpaceId });
  await call('ListServiceAssociations', { serviceId });
  await call('BatchGetAssociationCounts', { serviceIds: [serviceId] });
  await call('UpdateAssociation', { agentSpaceId, associationId, configuration });
  return associationId;
}

/** Three calls within a second: one segment. */
async function callsAreListed(call: Call, app: App, agentSpaceId: string): Promise<void> {
  await call('ListInvocations', { agentSpaceId }, 'none');
  // Not the metered client: what the log writes is no part of a call.
  const log = createInvocationLog({ ...app.deps, store: app.engine.client });
  const at = Math.floor(app.deps.now() / 1_000) * 1_000;
  for (let n = 0; n < 3; n++) log.record(factsOf({ agentSpaceId, at: at + n }));
  await log.close();
  await call('ListInvocations', { agentSpaceId, maxResults: 1 }, 'newest');
  await call('ListInvocationCounts', { agentSpaceId });
}

async function agentsGetIn(call: Call, agentSpaceId: string): Promise<void> {
  const token = { agentSpaceId, name: 'runner', scope: 'read' };
  const { accessToken } = await call('CreateAccessToken', token);
  await call('ListAccessTokens', { agentSpaceId });
  await call('RotateAccessToken', { agentSpaceId, tokenId: accessToken.tokenId });
  await call('RevokeAccessToken', { agentSpaceId, tokenId: accessToken.tokenId });
  await call('CreateAccessToken', token, 'another');
}

/** Each page is full: a page that is not goes on into earlier months, how many depends on the date. */
async function eventsAreLookedUp(call: Call, serviceId: string): Promise<void> {
  const lookUp = (AttributeKey: string, AttributeValue: string) =>
    call(
      'LookupEvents',
      { MaxResults: 1, LookupAttributes: [{ AttributeKey, AttributeValue }] },
      `by ${AttributeKey}`,
    );
  const { Events } = await call('LookupEvents', { MaxResults: 5 }, 'newest');
  await lookUp('EventId', Events[0].EventId);
  await lookUp('EventName', 'AssociateService');
  await lookUp('ReadOnly', 'false');
  await lookUp('Username', 'tester');
  await lookUp('AccessKeyId', 'SWBKTESTTESTTESTTEST');
  await lookUp('ResourceName', serviceId);
  await lookUp('ResourceType', 'AWS::DevOpsAgent::Service');
  await lookUp('EventSource', 'aidevops.switchboard');
}

async function everythingGoes(
  call: Call,
  agentSpaceId: string,
  serviceId: string,
  associationId: string,
): Promise<void> {
  await call('DisassociateService', { agentSpaceId, associationId });
  await call('DeleteAgentSpace', { agentSpaceId }, 'empty');
  const other = await call('CreateAgentSpace', { name: 'other' }, 'no clientToken');
  const second = { agentSpaceId: other.agentSpace.agentSpaceId };
  const configuration = { mcpserver: { tools: ['*'] } };
  await call('AssociateService', { ...second, serviceId, configuration }, 'all tools');
  await agentsGetIn(call, second.agentSpaceId);
  await call('DeleteAgentSpace', second, 'one association, one token');
  await call('DeregisterService', { serviceId });
}

async function aConsentIsCompleted(
  call: Call,
  endpoint: string,
  consent: (authorizationUrl: string) => Promise<string>,
): Promise<void> {
  const oAuth3LO = {
    clientId: 'bench',
    clientName: 'bench',
    authorizationUrl: 'https://provider.example.com/authorize',
    exchangeUrl: 'https://provider.example.com/token',
    returnToEndpoint: 'http://127.0.0.1:4100/',
  };
  const mcpserver = { name: 'consented', endpoint, authorizationConfig: { oAuth3LO } };
  const begun = await call(
    'RegisterService',
    { service: 'mcpserver', serviceDetails: { mcpserver } },
    'begins a consent',
  );
  const confirmationToken = await consent(begun.additionalStep.oauth.authorizationUrl);
  await call('CompleteRegistration', { service: 'mcpserver', confirmationToken });
}

async function measureCall(app: App, meter: StoreMeter, operation: OperationName, input: object) {
  const { value: answer, use } = await meter.measure(() => app.call(operation, input));
  if (answer.error) throw new Error(`${operation}: ${answer.error} ${answer.body.message}`);
  return { body: answer.body, use };
}

/**
 * The target: a read or a page takes one round trip beside its audit write; a mutation takes one transaction,
 * which carries its audit event, and at most one read.
 */
function missesOf(name: OperationName, use: StoreUse): string[] {
  return operations[name].access === 'read' ? readMisses(use) : mutationMisses(use);
}

function readMisses(use: StoreUse): string[] {
  return [
    ...(use.reads > 1 ? [`${use.reads} reads`] : []),
    ...(use.transactions + use.singleWrites > 0 ? ['writes beyond the audit event'] : []),
    ...(use.auditWrites !== 1 ? [`${use.auditWrites} audit writes`] : []),
    ...(use.sequential > 1 ? [`${use.sequential} round trips one after the other`] : []),
  ];
}

function mutationMisses(use: StoreUse): string[] {
  return [
    ...(use.reads > 1 ? [`${use.reads} reads`] : []),
    ...(use.transactions !== 1 ? [`${use.transactions} transactions`] : []),
    ...(use.singleWrites > 0 ? [`${use.singleWrites} write beside the transaction`] : []),
    ...(use.auditWrites > 0 ? ['audit event outside the transaction'] : []),
  ];
}

function refuseGaps(calls: readonly MeasuredCall[]): void {
  const called = new Set<string>(calls.map(({ operation }) => operation));
  const missing = operationList.filter(({ name }) => !called.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`Not measured: ${missing.join(', ')}. Add them to the happy path.`);
}
