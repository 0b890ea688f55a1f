import { fail, invalid } from '../api/errors.ts';
import type { OperationInput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { McpServiceType } from '../api/schemas/serviceTypes.ts';
import type { Config } from '../context.ts';
import type { StepResult } from '../mcp/types.ts';
import { type Authorization, type AuthorizationRules, readAuthorization } from './authorization.ts';

export type RegistrationInput = OperationInput<typeof operations.RegisterService>;

/** A registration request, understood: one kind of server and how it is to be let in. */
export interface Registration {
  serviceType: McpServiceType;
  name: string;
  endpoint: string;
  description: string | undefined;
  authorization: Authorization;
  /** JSON Pointer of the member of the request that a failed step is about. */
  pathOf: (step: StepResult) => string;
}

/**
 * Understands a registration request: the service type is one that Switchboard serves, the details belong to
 * it, and nothing is asked for that would be ignored.
 * @throws ValidationException naming the member
 */
export function readRegistration(
  input: RegistrationInput,
  rules: AuthorizationRules & Pick<Config, 'kms'>,
): Registration {
  const serviceType = servedType(input.service);
  refuseUnsupported(input, rules);
  const details = input.serviceDetails[serviceType];
  if (!details) throw invalid('/serviceDetails', `must hold ${serviceType}, as the path says`);
  return {
    serviceType,
    name: details.name,
    endpoint: details.endpoint,
    description: details.description || undefined,
    ...readAuthorization(input.serviceDetails, rules),
  };
}

function servedType(service: RegistrationInput['service']): McpServiceType {
  if (service === 'mcpserver' || service === 'mcpserversigv4') return service;
  throw invalid(
    '/service',
    `${service} is not supported: Switchboard registers mcpserver and mcpserversigv4`,
  );
}

function refuseUnsupported(input: RegistrationInput, config: Pick<Config, 'kms'>): void {
  for (const member of [
    'privateConnectionName',
    'targetUrlPrivateConnectionName',
    'exchangeUrlPrivateConnectionName',
  ] as const) {
    if (input[member] !== undefined) {
      throw invalid(`/${member}`, 'private connections are not supported: leave it out');
    }
  }
  refuseKmsKey(input.kmsKeyArn, config);
}

/** @throws ValidationException where a key is named and the deployment has no AWS KMS */
function refuseKmsKey(kmsKeyArn: string | undefined, config: Pick<Config, 'kms'>): void {
  if (kmsKeyArn !== undefined && !config.kms) {
    throw invalid(
      '/kmsKeyArn',
      'needs AWS KMS, which embedded mode does not have (it encrypts under its key file): leave it out',
    );
  }
}

/** @throws ConflictException that carries the id of the registration which has the name */
export function nameTaken(name: string, serviceId: string): never {
  throw fail(
    'ConflictException',
    `The name ${name} is taken by service ${serviceId} (names must differ by more than case). Choose another name, or use that service.`,
  );
}
