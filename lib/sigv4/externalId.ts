import { createHmac } from 'node:crypto';

/** Bytes of the deployment's secret. */
const KEY_BYTES = 32;

/**
 * The ExternalId that every AssumeRole for an account carries: always the same, and not to be guessed without
 * the key, so that a role's trust policy can tell this deployment's accounts apart (AWS IAM User Guide, "The
 * confused deputy problem"). No secret from its own account.
 */
export function externalIdOf(accountId: string, key: Uint8Array): string {
  if (key.byteLength !== KEY_BYTES) throw new Error(`The ExternalId key must have ${KEY_BYTES} bytes.`);
  // The label keeps this use of the key apart from any other.
  const digest = createHmac('sha256', key).update(`switchboard:external-id:${accountId}`).digest('hex');
  return `switchboard-${digest}`;
}
