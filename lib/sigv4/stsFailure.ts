import type { STSClient } from '@aws-sdk/client-sts';
import { McpError } from '../mcp/mcpError.ts';

/** An AssumeRole that failed. */
interface Attempt {
  roleArn: string;
  externalId: string;
  region: string;
  sts: STSClient;
}

const DENIED: readonly string[] = ['AccessDenied', 'AccessDeniedException'];

const OWN_REFUSED: readonly string[] = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

/** The process has no AWS credentials. The chain's own message may name files and profiles of the host. */
export function ownCredentialsFailure(): McpError {
  return failed(
    'This deployment has no AWS credentials to sign with.',
    'Give its process some: a role, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  );
}

/** What went wrong with an AssumeRole, told without a word of STS's own text. */
export async function assumeRoleFailure(error: unknown, attempt: Attempt): Promise<McpError> {
  if (error instanceof McpError) return error;
  const { roleArn, region } = attempt;
  const name = nameOf(error);
  if (DENIED.includes(name)) return denied(name, attempt);
  if (OWN_REFUSED.includes(name)) {
    return failed(
      `AWS STS refuses this deployment's own AWS credentials (${name}).`,
      'Whoever runs this deployment must renew them.',
    );
  }
  if (name === 'RegionDisabledException') {
    return failed(
      `AWS STS is not active in ${region} for the account of the role.`,
      'Activate it there, under Account settings of IAM.',
    );
  }
  if (!isAnswer(error)) {
    return failed(`AWS STS in ${region} could not be reached (${name}).`, 'Try again.');
  }
  return failed(`AWS STS could not assume ${roleArn} (${name}).`, 'Check the role, and try again.');
}

/** A role that does not exist is denied as well: STS does not tell the difference. */
async function denied(name: string, { roleArn, externalId, sts }: Attempt): Promise<McpError> {
  const policy = trustPolicy(await ownPrincipal(sts), externalId);
  return failed(
    `AWS STS does not let this deployment assume ${roleArn} (${name}).`,
    `Check that the role exists, and add this statement to its trust policy (ExternalId ${externalId}): ${policy}`,
  );
}

/** The statement that lets this deployment assume a role for the account of the ExternalId. */
function trustPolicy(principal: string, externalId: string): string {
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  });
}

/** Whom a trust policy must name: the role behind an assumed one (IAM principal ARNs), or the user. */
async function ownPrincipal(sts: STSClient): Promise<string> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Arn } = await sts.send(new GetCallerIdentityCommand({})).catch(() => ({ Arn: undefined }));
  if (!Arn) return '<the principal that this deployment runs as>';
  return Arn.replace(/^(arn:[\w-]+:)sts(::\d{12}:)assumed-role\/([^/]+)\/.*$/, '$1iam$2role/$3');
}

/** Whether STS answered at all. */
function isAnswer(error: unknown): boolean {
  const { $metadata } = Object(error) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode !== undefined;
}

/** An error's name or code, which are words; anything else is not repeated. */
function nameOf(error: unknown): string {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const word = name === 'Error' && typeof code === 'string' ? code : name;
  return typeof word === 'string' && /^\w{1,64}$/.test(word) ? word : 'unknown error';
}

function failed(what: string, remedy: string): McpError {
  return new McpError('SIGNING_FAILED', `${what} ${remedy}`);
}
