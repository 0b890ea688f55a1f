import { associationIdOf } from '../../lib/associations/associationItem.ts';
import type { Command } from './modelCommands.ts';

export const TOOL_QUOTA = 5;

interface ModelSpace {
  /** The allowed tools by service. */
  associations: Map<string, string[]>;
}

/** What the account should hold, and ids of what is gone, which callers still try. */
export interface Model {
  /** Names by id. */
  services: Map<string, string>;
  spaces: Map<string, ModelSpace>;
  gone: { services: string[]; spaces: string[] };
}

export const emptyModel = (): Model => ({
  services: new Map(),
  spaces: new Map(),
  gone: { services: [], spaces: [] },
});

/** A command about ids. */
export interface Action {
  command: Command;
  space: string;
  service: string;
}

const pick = (live: Iterable<string>, gone: string[], choice: number): string => {
  const ids = [...live, ...gone.slice(-1)];
  return ids[choice % Math.max(ids.length, 1)] ?? 'mcpserver-0';
};

/** Chooses the ids that a command is about. */
export function actionOf(model: Model, command: Command): Action {
  const { space = 0, service = 0 } = command as { space?: number; service?: number };
  return {
    command,
    space: pick(model.spaces.keys(), model.gone.spaces, space),
    service: pick(model.services.keys(), model.gone.services, service),
  };
}

/** The request of an action. */
export function inputOf({ command, space, service }: Action, endpoint: string, key: string) {
  const associationId = associationIdOf(space, service);
  switch (command.kind) {
    case 'register': {
      const apiKey = { apiKeyName: 'key', apiKeyValue: key, apiKeyHeader: 'x-api-key' };
      const mcpserver = { name: command.name, endpoint, authorizationConfig: { apiKey } };
      return ['RegisterService', { service: 'mcpserver', serviceDetails: { mcpserver } }] as const;
    }
    case 'deregister':
      return ['DeregisterService', { serviceId: service }] as const;
    case 'create':
      return ['CreateAgentSpace', { name: 'space' }] as const;
    case 'delete':
      return ['DeleteAgentSpace', { agentSpaceId: space }] as const;
    case 'associate': {
      const configuration = { mcpserver: { tools: command.tools } };
      return ['AssociateService', { agentSpaceId: space, serviceId: service, configuration }] as const;
    }
    case 'update': {
      const configuration = { mcpserver: { tools: command.tools } };
      return ['UpdateAssociation', { agentSpaceId: space, associationId, configuration }] as const;
    }
    case 'disassociate':
      return ['DisassociateService', { agentSpaceId: space, associationId }] as const;
  }
}

const NOT_FOUND = ['ResourceNotFoundException'];
const OK = ['ok'];

/** The outcomes that an action may have when nothing else happens meanwhile. */
export function outcomesOf(model: Model, { command, space, service }: Action): string[] {
  switch (command.kind) {
    case 'register': {
      const lower = command.name.toLowerCase();
      const taken = [...model.services.values()].some(name => name.toLowerCase() === lower);
      return taken ? ['ConflictException'] : OK;
    }
    case 'deregister':
      if (!model.services.has(service)) return NOT_FOUND;
      return [...model.spaces.values()].some(({ associations }) => associations.has(service))
        ? ['ConflictException']
        : OK;
    case 'create':
      return OK;
    case 'delete':
      return model.spaces.has(space) ? OK : NOT_FOUND;
    case 'disassociate':
      return model.spaces.get(space)?.associations.has(service) ? OK : NOT_FOUND;
    default:
      return putOutcomes(model, space, service, command.tools, command.kind === 'update');
  }
}

function putOutcomes(
  model: Model,
  space: string,
  service: string,
  tools: string[],
  mustExist: boolean,
): string[] {
  const associations = model.spaces.get(space)?.associations;
  const name = model.services.get(service);
  if (!associations || name === undefined) return NOT_FOUND;
  const existing = associations.get(service);
  if (mustExist && !existing) return NOT_FOUND;
  const count = [...associations.values()].flat().length;
  const added = tools.length - (existing?.length ?? 0);
  const refusals: string[] = [];
  if (added > 0 && count + added > TOOL_QUOTA) refusals.push('ServiceQuotaExceededException');
  const others = [...associations.keys()].map(id => model.services.get(id) ?? '');
  if (!existing && others.some(other => collide(name, other))) refusals.push('ConflictException');
  return refusals.length > 0 ? refusals : OK;
}

/** Told from the rule, not from how it is kept: one's name and `_` begin the other's. */
function collide(one: string, other: string): boolean {
  const [a, b] = [`${one.toLowerCase()}_`, `${other.toLowerCase()}_`];
  return a.startsWith(b) || b.startsWith(a);
}

/** What an action reads and what it changes: two that share nothing cannot tell of each other. */
export function footprintOf(model: Model, { command, space, service }: Action) {
  switch (command.kind) {
    case 'register':
      return { reads: [], writes: [`name ${command.name.toLowerCase()}`] };
    case 'deregister':
      return { reads: [], writes: [service, `name ${model.services.get(service)?.toLowerCase()}`] };
    case 'create':
      return { reads: [], writes: [] };
    case 'delete':
      return { reads: [], writes: [space, ...(model.spaces.get(space)?.associations.keys() ?? [])] };
    case 'disassociate':
      // The use of the service ends: that matters to who would deregister it.
      return { reads: [service], writes: [space] };
    default:
      return { reads: [service], writes: [space] };
  }
}
