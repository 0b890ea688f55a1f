/**
 * Holds every request that a handler sends to DynamoDB or STS in this process to the role of its function in
 * infra/permissions.ts, as IAM would: what the role does not allow fails with AccessDeniedException.
 */
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tableArn, tableIndexesArn } from '../../../infra/arns.ts';
import { attribute } from '../../../infra/cloudformation.ts';
import { permissions } from '../../../infra/permissions.ts';
import type { Vault, VaultContext } from '../../../lib/credentials/vault.ts';
import { currentScope } from '../../../lib/scope.ts';
import { type IamRequest, isAllowed } from './evaluate.ts';
import { type StoreCall, storeCalls } from './storeCalls.ts';

type Send = (command: { input: object }, ...rest: unknown[]) => Promise<unknown>;

/** What a function's role is asked for, and does not allow. */
export class RoleDenied extends Error {
  override name = 'AccessDeniedException';
}

function intercept(
  client: { prototype: object },
  requests: (name: string, input: object) => IamRequest[],
): void {
  const prototype = client.prototype as { send: Send };
  const { send } = prototype;
  prototype.send = function (command, ...rest) {
    const functionName = currentScope()?.functionName;
    if (functionName) {
      const name = command.constructor.name.replace(/^_/, '').replace(/Command$/, '');
      for (const request of requests(name, command.input)) demand(functionName, request);
    }
    return send.call(this, command, ...rest);
  };
}

/** @throws RoleDenied */
export function demand(functionName: string, request: IamRequest): void {
  const statements = permissions[functionName];
  if (statements && isAllowed(statements, request)) return;
  const what = `${functionName} ${request.action} ${JSON.stringify(request.context)}`;
  // A caller may swallow the refusal: whoever reads the run's output must not miss it.
  process.stderr.write(`Its role does not allow: ${what}\n`);
  throw new RoleDenied(what);
}

intercept(DynamoDBDocumentClient, (name, input) => storeCalls(name, input).map(asRequest));
intercept(STSClient, (name, input) => {
  // Takes no permission (STS API Reference).
  if (name === 'GetCallerIdentity') return [];
  const { ExternalId } = input as { ExternalId?: string };
  return [
    {
      action: `sts:${name}`,
      resource: resource => String(resource).startsWith('arn:aws:iam::'),
      context: { 'sts:ExternalId': ExternalId },
    },
  ];
});

function asRequest({ action, index, partition }: StoreCall): IamRequest {
  const place = JSON.stringify(index ? tableIndexesArn : tableArn);
  return {
    action,
    resource: resource => JSON.stringify(resource) === place,
    context: { 'dynamodb:LeadingKeys': partition ? [partition] : undefined },
  };
}

const ownKey = JSON.stringify(attribute('CredentialKey', 'Arn'));

/** A vault that asks the function's role for the use of its key, which a vault with KMS needs. */
export function vaultUnderRoles(vault: Vault): Vault {
  const ask = (action: string, { accountId, serviceId, purpose }: VaultContext, keyArn?: string) => {
    const functionName = currentScope()?.functionName;
    if (!functionName) return;
    const context = { account: accountId, service: serviceId, purpose };
    const entries = Object.entries(context).map(([key, value]) => [`switchboard:${key}`, value] as const);
    demand(functionName, {
      action,
      resource: resource => (JSON.stringify(resource) === ownKey) === (keyArn === undefined),
      context: {
        'kms:EncryptionContextKeys': entries.map(([key]) => key),
        ...Object.fromEntries(entries.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
        ...(keyArn && { 'aws:ResourceTag/switchboard': 'allowed' }),
      },
    });
  };
  return {
    ...vault,
    encrypt: async (secret, context, keyArn) => {
      ask('kms:GenerateDataKey', context, keyArn);
      return vault.encrypt(secret, context, keyArn);
    },
    decrypt: async (ciphertext, context) => {
      ask('kms:Decrypt', context);
      return vault.decrypt(ciphertext, context);
    },
  };
}
