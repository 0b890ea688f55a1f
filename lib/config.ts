import type { Config } from './context.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The process's settings from its environment. Values that people can get wrong are refused with the
 * variable's name and what it takes.
 * @throws Error naming the variable
 */
export function loadConfig(env: Env): Config {
  return {
    // What an ARN may hold in its place.
    region: text(env, 'AWS_REGION', 'us-east-1', /^[a-z0-9-]{1,63}$/, 'a region such as us-east-1'),
    tableName: text(
      env,
      'TABLE_NAME',
      'switchboard',
      /^[\w.-]{3,255}$/,
      '3 to 255 letters, digits, _ . or -',
    ),
    eventSource: text(
      env,
      'EVENT_SOURCE',
      'aidevops.switchboard',
      // EventBridge keeps sources that begin so to AWS.
      /^(?!aws\.)[\w.-]{1,255}$/,
      '1 to 255 letters, digits, _ . or -, not beginning with aws.',
    ),
    auditReads: flag(env, 'AUDIT_READS', true),
    // CloudTrail's event history keeps 90 days.
    auditRetentionDays: count(env, 'AUDIT_RETENTION_DAYS', 90, 1, 3650),
    // A day's distance still tells of a server before most people ask for it; a week's is no check.
    healthCheckMinutes: count(env, 'HEALTH_CHECK_MINUTES', 60, 0, 1440),
    tokensValidFrom: instant('TOKENS_VALID_FROM', env.TOKENS_VALID_FROM),
    quotas: {
      services: count(env, 'QUOTA_SERVICES', 200),
      spaces: count(env, 'QUOTA_SPACES', 100),
      toolsPerSpace: count(env, 'QUOTA_TOOLS_PER_SPACE', 500),
      // Ids of a space's tokens are kept in one item, which every new token writes: it stays below 40 KB.
      accessTokensPerSpace: count(env, 'QUOTA_ACCESS_TOKENS_PER_SPACE', 50, 1, 1_000),
      validationsPerMinute: count(env, 'QUOTA_VALIDATIONS_PER_MINUTE', 30),
    },
    kms: Boolean(env.KMS_KEY_ARN),
    // With a KMS key it is a deployment on AWS, whose function role is nobody's to borrow.
    ownCredentials: !env.KMS_KEY_ARN,
  };
}

/** A switch that is `true` or `false`. */
export function flag(env: Env, name: string, otherwise: boolean): boolean {
  const value = env[name]?.trim().toLowerCase();
  if (!value) return otherwise;
  if (value === 'true') return true;
  if (value === 'false') return false;
  throw new Error(`${name} must be true or false, not "${env[name]}".`);
}

/** RFC 3339 in UTC, to the second or finer. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/** A moment in epoch milliseconds; 0 where none is given. */
function instant(name: string, value: string | undefined): number {
  const given = value?.trim();
  if (!given) return 0;
  const at = INSTANT.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new Error(`${name} must be a time in UTC such as 2026-11-25T15:00:00Z, not "${value}".`);
}

function text(env: Env, name: string, otherwise: string, form: RegExp, what: string): string {
  const value = env[name];
  if (!value) return otherwise;
  if (form.test(value)) return value;
  throw new Error(`${name} must be ${what}, not "${value}".`);
}

/** A whole number within bounds. @throws Error naming the variable */
export function count(env: Env, name: string, otherwise: number, min = 1, max = 100_000_000): number {
  const value = env[name]?.trim();
  if (!value) return otherwise;
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed >= min && parsed <= max) return parsed;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${value}".`);
}

/** Comma-separated values, blanks dropped. */
export function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}
