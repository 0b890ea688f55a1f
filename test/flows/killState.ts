import { keys } from '../../lib/store/keys.ts';
import type { AuditRecord } from '../support/app.ts';
import type { StoredItem } from '../support/table.ts';

/** What matters of an account's resources. */
export interface State {
  /** Name, and header of the API key or method, by id: a rotation writes the header in other letters. */
  services: Record<string, string>;
  spaces: Record<string, { name: string; tags: Record<string, string> }>;
  /** Allowed tools by space and association. */
  associations: Record<string, string[]>;
}

/** The account of test servers. */
export const ACCOUNT = '000000000000';

/** The resources that a table holds. */
export function storedState(items: readonly StoredItem[]): State {
  const state: State = { services: {}, spaces: {}, associations: {} };
  for (const item of items) {
    if (item.pk === keys.services(ACCOUNT))
      state.services[item.serviceId] = `${item.name} ${item.apiKeyHeader ?? item.authorizationMethod}`;
    if (item.pk === keys.spaces(ACCOUNT)) {
      state.spaces[item.agentSpaceId] = { name: item.name, tags: item.tags };
    }
    if (item.sk.startsWith('ASC#')) {
      state.associations[`${item.agentSpaceId} ${item.associationId}`] = item.configuration.mcpserver.tools;
    }
  }
  return state;
}

/** The resources that follow from the trail alone: each event of a success is applied, oldest first. */
export function stateFromTrail(records: readonly AuditRecord[]): State {
  const state: State = { services: {}, spaces: {}, associations: {} };
  for (const record of records) {
    // A consent that was only begun has changed nothing; a lost one changes what this does not look at.
    const isBegun = record.responseElements?.additionalStep !== undefined;
    if (record.errorCode === undefined && !isBegun) apply(record, state);
  }
  return state;
}

function apply(
  { eventName, requestParameters: request, responseElements: response }: AuditRecord,
  state: State,
) {
  switch (eventName) {
    case 'RegisterService':
      state.services[response.serviceId] = described(request.serviceDetails.mcpserver);
      break;
    case 'UpdateService':
      state.services[request.serviceId] = described({
        name: response.service.additionalServiceDetails.mcpserver.name,
        ...request.serviceDetails.mcpserver,
      });
      break;
    case 'DeregisterService':
      delete state.services[request.serviceId];
      break;
    case 'CreateAgentSpace':
      state.spaces[response.agentSpace.agentSpaceId] = {
        name: response.agentSpace.name,
        tags: response.tags,
      };
      break;
    case 'UpdateAgentSpace':
      Object.assign(state.spaces[request.agentSpaceId] ?? {}, { name: response.agentSpace.name });
      break;
    case 'DeleteAgentSpace':
      deleteSpace(request.agentSpaceId, state);
      break;
    case 'AssociateService':
    case 'UpdateAssociation': {
      const { agentSpaceId, associationId, configuration } = response.association;
      state.associations[`${agentSpaceId} ${associationId}`] = configuration.mcpserver.tools;
      break;
    }
    case 'DisassociateService':
      delete state.associations[`${request.agentSpaceId} ${request.associationId}`];
      break;
    case 'TagResource':
      Object.assign(tagsOf(request.resourceArn, state), request.tags);
      break;
    case 'UntagResource':
      for (const key of request.tagKeys) delete tagsOf(request.resourceArn, state)[key];
      break;
    default:
      throw new Error(`${eventName} is not part of the workload`);
  }
}

interface Described {
  name: string;
  authorizationConfig: { apiKey?: { apiKeyHeader: string }; oAuthClientCredentials?: object };
}

function described({ name, authorizationConfig: { apiKey, oAuthClientCredentials } }: Described): string {
  if (apiKey) return `${name} ${apiKey.apiKeyHeader}`;
  return `${name} ${oAuthClientCredentials ? 'oauth-client-credentials' : 'oauth-3lo'}`;
}

function deleteSpace(space: string, state: State): void {
  delete state.spaces[space];
  for (const key of Object.keys(state.associations)) {
    if (key.startsWith(`${space} `)) delete state.associations[key];
  }
}

function tagsOf(arn: string, { spaces }: State): Record<string, string> {
  return spaces[arn.split('/').at(-1) ?? '']?.tags ?? {};
}
