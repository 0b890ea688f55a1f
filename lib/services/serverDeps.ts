import type { Deps } from '../context.ts';
import type { Vault } from '../credentials/vault.ts';
import type { Egress } from '../egress/types.ts';
import type { Log } from '../log/fields.ts';
import type { StoredTokens } from '../oauth/storedTokens.ts';
import type { AwsSources } from '../sigv4/awsSources.ts';

/** What operations need that reach a server with its credential. */
export interface ServerDeps extends Deps {
  vault: Vault;
  egress: Egress;
  /** Tokens of registered servers. */
  tokens: StoredTokens;
  /** AWS credentials for SigV4-signed servers. */
  aws: AwsSources;
  /** What ExternalIds are made with; the same for the deployment's whole life. */
  externalIdKey: Uint8Array;
  /** Progress for whoever runs the process; fields are chosen one by one and never hold a secret. */
  log: Log;
}
