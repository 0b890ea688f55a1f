import { McpError } from '../mcp/mcpError.ts';
import { assumeRole, sessionNameOf } from './assumeRole.ts';
import { type AwsCredentialSource, keptCredentials } from './awsCredentials.ts';
import { type CredentialChain, type StsOptions, sdkChain, stsClient } from './awsSdk.ts';
import { externalIdOf } from './externalId.ts';
import { ownCredentialsFailure } from './stsFailure.ts';

export interface AwsSourcesOptions extends StsOptions {
  /** The 32 bytes that ExternalIds are made with. */
  externalIdKey: Uint8Array;
  /** Whether a server without a role gets the process's own AWS credentials: only where all users are trusted. */
  ownCredentials: boolean;
  /** Epoch milliseconds. */
  now: () => number;
  /** The process's own credentials; the default chain of the AWS SDK when left out. */
  chain?: CredentialChain;
}

/** Who signs what. */
export interface SourceRequest {
  accountId: string;
  /** Left out before a server is registered. */
  serviceId?: string | undefined;
  roleArn?: string | undefined;
}

export interface AwsSources {
  /** The same source for the same request, so that all calls to a server share one session. */
  sourceFor(request: SourceRequest): AwsCredentialSource;
}

/** A process that serves more servers than this assumes the least used roles more often. */
const MAX_SESSIONS = 1_000;

/** The AWS credentials of this process and of the roles that it assumes; one per process. */
export function createAwsSources(options: AwsSourcesOptions): AwsSources {
  const { externalIdKey, region, now } = options;
  const own = ownSource(options.chain ?? sdkChain(), now);
  const client = stsClient(options, own);
  const sessions = new Map<string, AwsCredentialSource>();

  const session = ({ accountId, serviceId }: SourceRequest, roleArn: string) => {
    const sessionName = sessionNameOf(serviceId);
    const key = JSON.stringify([accountId, roleArn, sessionName]);
    const externalId = externalIdOf(accountId, externalIdKey);
    const kept =
      sessions.get(key) ??
      keptCredentials(() => assumeRole({ accountId, roleArn, sessionName, externalId, region }, client), now);
    touch(sessions, key, kept);
    return kept;
  };
  return {
    sourceFor(request) {
      if (request.roleArn !== undefined) return session(request, request.roleArn);
      return options.ownCredentials ? own : refusing();
    },
  };
}

/** Makes this entry the last of the map to be dropped. */
function touch<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MAX_SESSIONS) return;
    map.delete(oldest);
  }
}

function ownSource(chain: CredentialChain, now: () => number): AwsCredentialSource {
  return keptCredentials(async afresh => {
    try {
      return await chain({ forceRefresh: afresh });
    } catch {
      throw ownCredentialsFailure();
    }
  }, now);
}

/** Registrations are refused without a role where one is needed; this holds whatever is stored. */
function refusing(): AwsCredentialSource {
  const message = 'This server has no role to assume, and this deployment lends nobody its own credentials.';
  return {
    get: () => Promise.reject(new McpError('SIGNING_FAILED', `${message} Give an mcpRoleArn.`)),
    renew: () => false,
  };
}
