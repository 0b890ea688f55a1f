import type { STSClient } from '@aws-sdk/client-sts';
import { McpError } from '../mcp/mcpError.ts';
import type { AwsCredentials } from './awsCredentials.ts';
import { accountOfRole } from './sigv4Credential.ts';
import { assumeRoleFailure } from './stsFailure.ts';

/** Seconds: the longest that every role allows, whatever its own limit (IAM's smallest MaxSessionDuration). */
const SESSION_SECONDS = 3_600;

export interface RoleSession {
  /** Whose role it must be. */
  accountId: string;
  roleArn: string;
  /** What the role's account sees in its CloudTrail. */
  sessionName: string;
  externalId: string;
  /** Of the STS endpoint. */
  region: string;
}

/**
 * The temporary credentials of a role (AWS STS AssumeRole).
 * @throws McpError `SIGNING_FAILED` that says what to change, for a denied role with the ExternalId
 */
export async function assumeRole(
  session: RoleSession,
  client: () => Promise<STSClient>,
): Promise<AwsCredentials> {
  const { accountId, roleArn, sessionName, externalId, region } = session;
  if (accountOfRole(roleArn) !== accountId) {
    throw new McpError('SIGNING_FAILED', `The role must belong to account ${accountId}. Give one that does.`);
  }
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ExternalId: externalId,
    DurationSeconds: SESSION_SECONDS,
  });
  const sts = await client();
  const { Credentials } = await sts.send(command).catch(async error => {
    throw await assumeRoleFailure(error, { roleArn, externalId, region, sts });
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new McpError(
      'SIGNING_FAILED',
      'The answer of AWS STS to AssumeRole has no credentials. Try again.',
    );
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** The RoleSessionName for a server, told by its id's UUID (STS allows at most 64 of `\w+=,.@-`). */
export function sessionNameOf(serviceId: string | undefined): string {
  return `switchboard-${serviceId?.slice(-36) ?? 'validation'}`;
}
