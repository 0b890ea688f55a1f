import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { PageTokens } from './api/pageToken.ts';
import type { AuditTrail } from './audit/trail.ts';
import type { Caller } from './identity/caller.ts';
import type { Measure } from './metrics/measure.ts';

/** Settings of the process, read from the environment once (lib/config.ts). */
export interface Config {
  region: string;
  tableName: string;
  eventSource: string;
  auditReads: boolean;
  auditRetentionDays: number;
  /** Minutes between two health checks of a registered server; 0 for none. */
  healthCheckMinutes: number;
  /** Epoch milliseconds: access tokens, consents and tokens of OAuth from before are not used; 0 for none. */
  tokensValidFrom: number;
  quotas: {
    services: number;
    spaces: number;
    toolsPerSpace: number;
    accessTokensPerSpace: number;
    validationsPerMinute: number;
  };
  /** KMS keys exist: `kmsKeyArn` can be honoured. */
  kms: boolean;
  /** The process's own AWS credentials may sign for servers without a role: embedded mode only. */
  ownCredentials: boolean;
}

/** What domain code needs of the world; made once per process, handed in, replaced freely in tests. */
export interface Deps {
  config: Config;
  store: DynamoDBDocumentClient;
  pageTokens: PageTokens;
  /** Epoch milliseconds. */
  now: () => number;
  /** A UUIDv7 (RFC 9562) for the given epoch milliseconds. */
  newId: (at: number) => string;
  /** In [0, 1). */
  random: () => number;
  sleep: (ms: number) => Promise<void>;
  /** For whoever runs the process: what is counted, and how long it took. */
  measure: Measure;
}

/** One request as domain code sees it. */
export interface RequestContext {
  caller: Caller;
  requestId: string;
  /** When the request arrived, epoch milliseconds: the one "now" of everything it writes. */
  at: number;
  audit: AuditTrail;
}
