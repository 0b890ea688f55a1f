import type { RegisteredService } from './types.ts';

export type Method = 'oauth-client-credentials' | 'oauth-3lo' | 'api-key' | 'bearer-token' | 'sigv4';

/** What both kinds of servers have in common. */
export interface ServerFacts {
  /** The server's own name, which the names of its tools begin with for agents; a registration may be shown under another. */
  ownName: string;
  endpoint: string;
  description: string | undefined;
  method: Method;
}

export function factsOf(service: RegisteredService): ServerFacts {
  const { mcpserver, mcpserversigv4 } = service.additionalServiceDetails ?? {};
  const details = mcpserver ?? mcpserversigv4;
  return {
    ownName: details?.name ?? service.name ?? service.serviceId,
    endpoint: details?.endpoint ?? '',
    description: details?.description,
    method: mcpserver?.authorizationMethod ?? 'sigv4',
  };
}

export type ServerStatus = 'valid' | 'invalid' | 'pending-confirmation' | 'disabled' | 'unknown';

/** What is to be said of a server, the first thing first: one that is disabled may be known not to work, too. */
export function statusesOf({ state, validationStatus }: RegisteredService): ServerStatus[] {
  if (state !== 'DISABLED') return [validationStatus ?? 'unknown'];
  return validationStatus === 'invalid' ? ['disabled', 'invalid'] : ['disabled'];
}

/** What a search for a server looks through: it may be known by either of its names. */
export function textOf(service: RegisteredService): string {
  const { ownName, endpoint, description = '' } = factsOf(service);
  return `${service.name} ${ownName} ${endpoint} ${description}`;
}
