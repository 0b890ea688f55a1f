import type * as z from 'zod';
import { type FieldError, invalidFields } from '../api/errors.ts';
import { RoleArn } from '../api/schemas/serverMembers.ts';
import type { ServiceDetails } from '../api/schemas/serviceDetails.ts';
import type { SigV4Credential } from '../credentials/credential.ts';
import { reservedBecause } from '../credentials/reservedHeaders.ts';

export type SigV4Config = NonNullable<
  z.output<typeof ServiceDetails>['mcpserversigv4']
>['authorizationConfig'];

/** The public contract's bound. */
const MAX_CUSTOM_HEADERS = 10;

export interface SigV4Rules {
  /** Whose role it must be. */
  accountId: string;
  /** Set where a request without a role may be signed with the process's own AWS credentials. */
  ownCredentials: boolean;
}

/**
 * The credential of a registration of a SigV4-signed server. `path` is the JSON Pointer of its
 * `authorizationConfig`.
 * @throws ValidationException that names every member at fault
 */
export function sigv4CredentialFromConfig(
  config: SigV4Config,
  path: string,
  rules: SigV4Rules,
): SigV4Credential {
  const faults = [
    ...regionFaults(config.region),
    ...serviceFaults(config.service),
    ...roleFaults(config, rules),
    ...headerFaults(config.customHeaders ?? {}),
  ];
  if (faults.length > 0) {
    throw invalidFields(faults.map(fault => ({ ...fault, path: `${path}${fault.path}` })));
  }
  const { region, service, roleArn, mcpRoleArn, customHeaders = {} } = config;
  return {
    kind: 'sigv4',
    region,
    service,
    ...(roleArn ? { roleArn } : {}),
    ...(mcpRoleArn ? { mcpRoleArn } : {}),
    customHeaders,
  };
}

/** The role to assume; undefined where the process's own credentials sign. */
export function roleOf({ mcpRoleArn, roleArn }: Pick<SigV4Credential, 'mcpRoleArn' | 'roleArn'>) {
  return mcpRoleArn ?? roleArn;
}

/** The account that a role belongs to; undefined for anything but the ARN of a role. */
export function accountOfRole(roleArn: string): string | undefined {
  return RoleArn.safeParse(roleArn).success ? roleArn.split(':')[4] : undefined;
}

function regionFaults(region: string): FieldError[] {
  if (region !== '*') return [];
  const message = 'SigV4A (region "*") is not supported: name the region, such as us-east-1';
  return [{ path: '/region', message }];
}

function serviceFaults(service: string): FieldError[] {
  // It becomes part of the Authorization header, where other characters would have a meaning.
  if (/^[A-Za-z0-9._-]+$/.test(service)) return [];
  const message = 'must be the signing name of an AWS service, such as bedrock-agentcore or execute-api';
  return [{ path: '/service', message }];
}

function roleFaults({ roleArn, mcpRoleArn }: SigV4Config, rules: SigV4Rules): FieldError[] {
  if (roleArn && mcpRoleArn && roleArn !== mcpRoleArn) {
    return [{ path: '/mcpRoleArn', message: 'differs from roleArn: give only mcpRoleArn' }];
  }
  if (mcpRoleArn) return roleFault('/mcpRoleArn', mcpRoleArn, rules.accountId);
  if (roleArn) return roleFault('/roleArn', roleArn, rules.accountId);
  if (rules.ownCredentials) return [];
  const message = 'must name a role to assume: this deployment lends nobody its own AWS credentials';
  return [{ path: '/mcpRoleArn', message }];
}

function roleFault(path: string, roleArn: string, accountId: string): FieldError[] {
  if (accountOfRole(roleArn) === accountId) return [];
  return [{ path, message: `must be a role of this account: arn:aws:iam::${accountId}:role/<name>` }];
}

function headerFaults(headers: Readonly<Record<string, string>>): FieldError[] {
  const names = Object.keys(headers);
  const faults = names.flatMap((name, index) => {
    const reason = customHeaderRefusal(name, names.slice(0, index));
    return reason ? [{ path: `/customHeaders/${name}`, message: `${name} cannot be set: ${reason}` }] : [];
  });
  if (names.length <= MAX_CUSTOM_HEADERS) return faults;
  return [{ path: '/customHeaders', message: `at most ${MAX_CUSTOM_HEADERS} headers` }, ...faults];
}

function customHeaderRefusal(name: string, before: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  if (before.some(other => other.toLowerCase() === lower)) return 'it is given twice, names ignore case';
  if (lower === 'authorization' || lower.startsWith('x-amz-')) return 'it belongs to the signature';
  return reservedBecause(name);
}
