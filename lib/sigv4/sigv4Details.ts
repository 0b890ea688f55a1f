import type * as z from 'zod';
import type { RegisteredService } from '../api/schemas/registeredService.ts';
import { HIDDEN } from '../audit/marks.ts';
import type { SigV4Credential } from '../credentials/credential.ts';
import { roleOf } from './sigv4Credential.ts';

/** What may be shown and stored in the clear of a SigV4 credential: no value of a custom header. */
export interface SigV4Members {
  region: string;
  service: string;
  roleArn?: string;
  mcpRoleArn?: string;
  customHeaderNames: string[];
}

type Details = z.input<typeof RegisteredService>['additionalServiceDetails'];
type SigV4Details = NonNullable<NonNullable<Details>['mcpserversigv4']>;

export function sigv4Members(credential: SigV4Credential): SigV4Members {
  const { region, service, roleArn, mcpRoleArn, customHeaders } = credential;
  return {
    region,
    service,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(mcpRoleArn === undefined ? {} : { mcpRoleArn }),
    customHeaderNames: Object.keys(customHeaders),
  };
}

/** `RegisteredMCPServerSigV4Details`: `roleArn` is always there (older clients require it), values are hidden. */
export function toSigV4Details(
  server: Pick<SigV4Details, 'name' | 'endpoint' | 'description'>,
  members: SigV4Members,
): SigV4Details {
  const { region, service, mcpRoleArn, customHeaderNames } = members;
  const { name, endpoint, description } = server;
  const hidden = Object.fromEntries(customHeaderNames.map(header => [header, HIDDEN]));
  return {
    name,
    endpoint,
    description,
    region,
    service,
    roleArn: roleOf(members) ?? '',
    mcpRoleArn,
    customHeaders: customHeaderNames.length > 0 ? hidden : undefined,
  };
}
