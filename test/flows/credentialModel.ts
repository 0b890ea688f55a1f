import type { Command, Method } from './credentialCommands.ts';

export interface ModelService {
  name: string;
  /** As stored; how often it was changed. */
  version: number;
}

/** A consent that was begun, and how it ended. */
export interface Consent {
  url: string;
  /** Of the request that began it. */
  requestId: string;
  kind: 'registration' | 'update';
  name: string;
  /** Of an update. */
  service: string;
  /** Of the service when it was begun; left out where that is not certain. */
  version?: number | undefined;
  outcome?: string;
}

/** What the account should hold. */
export interface Model {
  services: Map<string, ModelService>;
  gone: string[];
  consents: Consent[];
}

export const emptyModel = (): Model => ({ services: new Map(), gone: [], consents: [] });

/** A command about what there is. */
export interface Action {
  command: Command;
  service: string;
  consent: Consent | undefined;
}

export function actionOf(model: Model, command: Command): Action {
  const { service = 0, consent = 0 } = command as { service?: number; consent?: number };
  const ids = [...model.services.keys(), ...model.gone.slice(-1)];
  // Those under way come first; a finished one is tried again now and then, as by a reload.
  const open = model.consents.filter(one => one.outcome === undefined);
  const consents = [...open, ...model.consents.slice(-1)];
  return {
    command,
    service: ids[service % Math.max(ids.length, 1)] ?? 'mcpserver-0',
    consent: consents[consent % Math.max(consents.length, 1)],
  };
}

const needsConsent = (by: Method) => by !== 'client';
const nameOf = (name: string) => `name ${name.toLowerCase()}`;

/** What an action reads and what it changes: two that share nothing cannot tell of each other. */
export function footprintOf(
  model: Model,
  { command, service, consent }: Action,
): { reads: string[]; writes: string[] } {
  switch (command.kind) {
    case 'register': {
      const name = nameOf(command.name);
      return needsConsent(command.by) ? { reads: [name], writes: [] } : { reads: [], writes: [name] };
    }
    case 'rotate':
      return needsConsent(command.by) ? { reads: [service], writes: [] } : { reads: [], writes: [service] };
    case 'finish':
      return { reads: [], writes: consent ? [consent.url, subjectOf(consent)] : [] };
    case 'validate':
      return { reads: [service], writes: [] };
    case 'describe':
      return { reads: [], writes: [service] };
    case 'deregister':
      return { reads: [], writes: [service, nameOf(model.services.get(service)?.name ?? '')] };
  }
}

const subjectOf = ({ kind, name, service }: Consent) => (kind === 'update' ? service : nameOf(name));

/** The outcome of an action when nothing else happens meanwhile; `undefined` where it is not certain. */
export function outcomeOf(model: Model, { command, service, consent }: Action): string | undefined {
  const found = model.services.get(service);
  switch (command.kind) {
    case 'register':
      return isTaken(model, command.name) ? 'ConflictException' : 'ok';
    case 'finish':
      return consent ? endOf(model, consent) : 'nothing';
    default:
      return found ? 'ok' : 'ResourceNotFoundException';
  }
}

function endOf(model: Model, { kind, name, service, version, outcome }: Consent): string | undefined {
  if (outcome !== undefined) return outcome;
  if (kind === 'registration') return isTaken(model, name) ? 'conflict' : 'ok';
  const found = model.services.get(service);
  if (!found) return 'registration_refused';
  if (version === undefined) return undefined;
  return found.version === version ? 'ok' : 'conflict';
}

function isTaken({ services }: Model, name: string): boolean {
  return [...services.values()].some(other => other.name.toLowerCase() === name.toLowerCase());
}
