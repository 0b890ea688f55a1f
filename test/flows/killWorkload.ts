import type { OperationName } from '../../lib/api/operations.ts';
import { apiKeyRegistration } from '../support/app.ts';
import { type SignedAnswer, signedCall } from '../support/signedClient.ts';
import {
  authorizationConfig,
  goOn,
  type Journey,
  newJourney,
  type OAuthMethod,
  type OAuthWorld,
} from './killConsents.ts';

/** What clients know of their changes, however the server ended. */
export interface Journal {
  /** Every answer that arrived, refusals included. */
  answered: { name: OperationName; requestId: string; status: number; error?: string }[];
  /** Calls that were cut off: done or not, nobody was told. */
  unanswered: OperationName[];
  /** Consents that were begun, and how far their browsers got. */
  journeys: Journey[];
  /** Browsers that were cut off on their way. */
  interrupted: number;
}

/** What there is to work on; workers add what they make. */
export interface Stock {
  services: string[];
  /** Spaces of each worker: no two change the same one. */
  spaces: { agentSpaceId: string; worker: number }[];
  associations: { agentSpaceId: string; associationId: string; worker: number }[];
}

export interface Workload {
  port: number;
  /** A real MCP server, and the key that it wants. */
  endpoint: string;
  apiKey: string;
  oauth: OAuthWorld;
  journal: Journal;
  stock: Stock;
}

/** A worker's own spaces are few, so that its changes meet each other. */
const MAX_SPACES = 3;
const TOOL_SETS = [['echo'], ['echo', 'add'], ['*'], []];

let made = 0;

/** Changes things, one call after the other, until the server no longer answers. */
export async function work(worker: number, load: Workload): Promise<void> {
  for (;;) {
    const [name, input] = nextCall(worker, load);
    const answer = await signedCall(load.port, name, input).catch(() => undefined);
    if (!answer) {
      load.journal.unanswered.push(name);
      return;
    }
    const { requestId, status, error, body } = answer;
    load.journal.answered.push({ name, requestId, status, ...(error && { error }) });
    remember(worker, answer, load.stock);
    const url = body?.additionalStep?.oauth.authorizationUrl;
    if (url && !(await consent(requestId, url, load))) return;
  }
}

/** Whether the server was there to the end of it. */
async function consent(requestId: string, url: string, { journal, oauth }: Workload): Promise<boolean> {
  const journey = newJourney(requestId, url);
  journal.journeys.push(journey);
  try {
    await goOn(journey, oauth);
    return true;
  } catch {
    journal.interrupted++;
    return false;
  }
}

type Call = [OperationName, object];

function nextCall(worker: number, load: Workload): Call {
  const { stock } = load;
  const space = pick(stock.spaces.filter(one => one.worker === worker));
  const association = pick(stock.associations.filter(one => one.worker === worker));
  const serviceId = pick(stock.services);
  const spaces = stock.spaces.filter(one => one.worker === worker).length;
  if (!space || (spaces < MAX_SPACES && chance(0.3))) return createSpace(worker);
  if (!serviceId || chance(0.15)) return register(worker, load);
  const { agentSpaceId } = space;
  const configuration = { mcpserver: { tools: pick(TOOL_SETS) } };
  if (chance(0.4)) return ['AssociateService', { agentSpaceId, serviceId, configuration }];
  if (chance(0.1)) return ['DeleteAgentSpace', { agentSpaceId }];
  if (chance(0.1)) return ['DeregisterService', { serviceId }];
  if (chance(0.3)) return rotate(serviceId, load);
  if (chance(0.2)) return ['UpdateAgentSpace', { agentSpaceId, name: `w${worker}-${++made}` }];
  if (chance(0.4)) return tagging(agentSpaceId);
  if (!association) return ['AssociateService', { agentSpaceId, serviceId, configuration }];
  const { associationId } = association;
  const place = { agentSpaceId: association.agentSpaceId, associationId };
  return chance(0.5) ? ['DisassociateService', place] : ['UpdateAssociation', { ...place, configuration }];
}

function createSpace(worker: number): Call {
  const name = `w${worker}-${++made}`;
  return ['CreateAgentSpace', { name, clientToken: `token-${name}`, tags: { worker: String(worker) } }];
}

function register(worker: number, load: Workload): Call {
  const { endpoint, apiKey, oauth } = load;
  const name = `s_${worker}_${++made}`;
  if (chance(0.3)) return ['RegisterService', apiKeyRegistration(name, endpoint, apiKey)];
  const mcpserver = { name, endpoint: oauth.endpoint, authorizationConfig: anyOAuth(load) };
  return ['RegisterService', { service: 'mcpserver', serviceDetails: { mcpserver } }];
}

const METHODS: readonly OAuthMethod[] = ['client', 'consent', 'discovery'];

function anyOAuth({ oauth }: Workload): object {
  return authorizationConfig(pick(METHODS) ?? 'client', oauth);
}

/** The same key in a header of other letters: the server takes both, and the table tells them apart. */
const HEADERS = ['x-api-key', 'X-Api-Key', 'X-API-KEY'];

/** To any method, with the server that wants it. */
function rotate(serviceId: string, load: Workload): Call {
  const { endpoint, apiKey, oauth } = load;
  if (chance(0.5)) {
    const mcpserver = { endpoint: oauth.endpoint, authorizationConfig: anyOAuth(load) };
    return ['UpdateService', { serviceId, serviceDetails: { mcpserver } }];
  }
  const authorizationConfig = {
    apiKey: { apiKeyName: 'key', apiKeyValue: apiKey, apiKeyHeader: pick(HEADERS) },
  };
  return ['UpdateService', { serviceId, serviceDetails: { mcpserver: { endpoint, authorizationConfig } } }];
}

function tagging(agentSpaceId: string): Call {
  const resourceArn = `arn:aws:aidevops:us-east-1:000000000000:agentspace/${agentSpaceId}`;
  const key = `tag${Math.floor(Math.random() * 3)}`;
  return chance(0.6)
    ? ['TagResource', { resourceArn, tags: { [key]: String(++made) } }]
    : ['UntagResource', { resourceArn, tagKeys: [key] }];
}

function remember(worker: number, { status, body }: SignedAnswer, stock: Stock): void {
  if (status !== 201) return;
  if (body.serviceId) stock.services.push(body.serviceId);
  if (body.agentSpace) stock.spaces.push({ agentSpaceId: body.agentSpace.agentSpaceId, worker });
  if (body.association) {
    const { agentSpaceId, associationId } = body.association;
    stock.associations.push({ agentSpaceId, associationId, worker });
  }
}

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}

function chance(of: number): boolean {
  return Math.random() < of;
}
