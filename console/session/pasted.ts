/** Credentials as they are written for shells and by the AWS CLI. */
export interface PastedCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/**
 * Reads lines such as `export AWS_ACCESS_KEY_ID=…`, also those of PowerShell, cmd and credentials files, and the JSON of
 * `aws sts get-session-token`, `assume-role` and `aws configure export-credentials`. Nothing where a text is neither.
 */
export function pastedCredentials(text: string): PastedCredentials | undefined {
  const found = text.trimStart().startsWith('{') ? fromJson(text) : fromLines(text);
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = found;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : undefined;
}

function fromJson(text: string): Partial<PastedCredentials> {
  try {
    const whole = JSON.parse(text);
    const { AccessKeyId, SecretAccessKey, SessionToken } = whole.Credentials ?? whole;
    const values = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}

const LINE = /\baws_(access_key_id|secret_access_key|session_token)\s*=\s*(["']?)([^\s"']+)\2/gi;

const MEMBERS: Readonly<Record<string, keyof PastedCredentials>> = {
  access_key_id: 'accessKeyId',
  secret_access_key: 'secretAccessKey',
  session_token: 'sessionToken',
};

function fromLines(text: string): Partial<PastedCredentials> {
  const pairs = [...text.matchAll(LINE)].map(([, name = '', , value]) => [
    MEMBERS[name.toLowerCase()],
    value,
  ]);
  return Object.fromEntries(pairs);
}
