import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/api/errors.ts';
import { RegisteredService } from '../../../lib/api/schemas/registeredService.ts';
import { ServiceDetails } from '../../../lib/api/schemas/serviceDetails.ts';
import { parseCredential, serializeCredential } from '../../../lib/credentials/credential.ts';
import { externalIdOf } from '../../../lib/sigv4/externalId.ts';
import { roleOf, type SigV4Config, sigv4CredentialFromConfig } from '../../../lib/sigv4/sigv4Credential.ts';
import { sigv4Members, toSigV4Details } from '../../../lib/sigv4/sigv4Details.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/path/mcp`;
const PATH = '/serviceDetails/mcpserversigv4/authorizationConfig';
const SECRET = 'canary-custom-value';

function read(more: Partial<SigV4Config> = {}, ownCredentials = true) {
  const config = { region: 'us-east-1', service: 'bedrock-agentcore', ...more };
  return sigv4CredentialFromConfig(config, PATH, { accountId: ACCOUNT, ownCredentials });
}

function faults(more: Partial<SigV4Config>, ownCredentials = true) {
  try {
    read(more, ownCredentials);
  } catch (error) {
    if (error instanceof ApiError && error.failure.code === 'ValidationException') {
      expect(JSON.stringify(error.failure)).not.toContain('canary');
      return error.failure.fieldList.map(({ path, message }) => `${path.replace(PATH, '')} ${message}`);
    }
    throw error;
  }
  return [];
}

describe('the credential of a registration', () => {
  it('keeps region, service, role and headers, and survives the vault', () => {
    const credential = read({ mcpRoleArn: ROLE, customHeaders: { 'X-Tenant': SECRET } });
    expect(credential).toEqual({
      kind: 'sigv4',
      region: 'us-east-1',
      service: 'bedrock-agentcore',
      mcpRoleArn: ROLE,
      customHeaders: { 'X-Tenant': SECRET },
    });
    expect(parseCredential(serializeCredential(credential))).toEqual(credential);
  });

  it('takes the older roleArn, both when they agree, and an empty one for none', () => {
    expect(roleOf(read({ roleArn: ROLE }, false))).toBe(ROLE);
    expect(roleOf(read({ roleArn: ROLE, mcpRoleArn: ROLE }))).toBe(ROLE);
    expect(roleOf(read({ roleArn: '' }))).toBeUndefined();
  });

  it('refuses two roles that differ', () => {
    expect(faults({ roleArn: ROLE, mcpRoleArn: `${ROLE}2` })).toEqual([
      '/mcpRoleArn differs from roleArn: give only mcpRoleArn',
    ]);
  });

  it.each([
    ['mcpRoleArn', 'arn:aws:iam::999999999999:role/mcp'],
    ['roleArn', 'arn:aws:iam::999999999999:role/mcp'],
    ['roleArn', `arn:aws:iam::${ACCOUNT}:user/mcp`],
    ['roleArn', `x${ROLE}`],
    ['roleArn', `${ROLE}\n`],
    ['roleArn', 'canary'],
  ])('refuses a %s that is no role of the account: %j', (member, arn) => {
    expect(faults({ [member]: arn })).toEqual([
      `/${member} must be a role of this account: arn:aws:iam::${ACCOUNT}:role/<name>`,
    ]);
  });

  it('demands a role where the process lends nobody its own credentials', () => {
    for (const none of [{}, { roleArn: '' }]) {
      expect(faults(none, false)).toEqual([expect.stringMatching(/^\/mcpRoleArn must name a role/)]);
    }
  });

  it('refuses SigV4A by name', () => {
    expect(faults({ region: '*' })).toEqual([
      '/region SigV4A (region "*") is not supported: name the region, such as us-east-1',
    ]);
  });

  it.each(['a/b', 'a, SignedHeaders=host', 'a\r\nx: y', 'a b', 'é'])('refuses the service name %j', name => {
    expect(faults({ service: name })).toEqual([expect.stringMatching(/^\/service must be the signing name/)]);
  });

  it.each([
    ['Authorization', 'it belongs to the signature'],
    ['X-Amz-Date', 'it belongs to the signature'],
    ['x-amz-target', 'it belongs to the signature'],
    ['Host', 'it names the server that is called'],
    ['Mcp-Session-Id', 'it belongs to the MCP transport'],
    ['Content-Type', 'it frames'],
    ['X-Switchboard-Hop', 'it belongs to Switchboard'],
  ])('refuses the custom header %s with a pointer to it', (name, reason) => {
    expect(faults({ customHeaders: { [name]: SECRET } })).toEqual([
      expect.stringContaining(`/customHeaders/${name} ${name} cannot be set: ${reason}`),
    ]);
  });

  it('refuses headers that differ in case alone, and more than 10', () => {
    expect(faults({ customHeaders: { 'X-A': SECRET, 'x-a': SECRET } })).toEqual([
      '/customHeaders/x-a x-a cannot be set: it is given twice, names ignore case',
    ]);
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`x-h${n}`, SECRET]));
    expect(faults({ customHeaders: eleven })).toEqual(['/customHeaders at most 10 headers']);
  });

  it('tells every fault at once', () => {
    expect(faults({ region: '*', service: 'a b', customHeaders: { host: 'a' } })).toHaveLength(3);
  });
});

describe('what callers see', () => {
  const server = { name: 'signed', endpoint: 'https://mcp.example.com/mcp', description: 'd' };

  it('hides the values of custom headers and always has roleArn', () => {
    const members = sigv4Members(read({ mcpRoleArn: ROLE, customHeaders: { 'X-Tenant': SECRET } }));
    const details = toSigV4Details(server, members);
    expect(details).toEqual({
      ...server,
      region: 'us-east-1',
      service: 'bedrock-agentcore',
      roleArn: ROLE,
      mcpRoleArn: ROLE,
      customHeaders: { 'X-Tenant': 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    });
    expect(JSON.stringify({ members, details })).not.toContain('canary');
    expect(toSigV4Details(server, sigv4Members(read())).roleArn).toBe('');
  });

  it('passes the output schema', () => {
    const details = toSigV4Details(
      server,
      sigv4Members(read({ roleArn: ROLE, customHeaders: { a: SECRET } })),
    );
    const members = RegisteredService.shape.additionalServiceDetails.parse({ mcpserversigv4: details });
    expect(members).toMatchObject({ mcpserversigv4: { roleArn: ROLE } });
  });
});

it('reads what the input schema lets through', () => {
  const config = { region: 'us-east-1', service: 'execute-api', customHeaders: { 'X-Tenant': SECRET } };
  const parsed = ServiceDetails.parse({
    mcpserversigv4: { name: 'n', endpoint: 'https://mcp.example.com/', authorizationConfig: config },
  });
  expect(read(parsed.mcpserversigv4?.authorizationConfig)).toMatchObject(config);
});

describe('the ExternalId', () => {
  const key = Buffer.alloc(32, 7);

  it('is the same for an account, another for another account or key', () => {
    const id = externalIdOf(ACCOUNT, key);
    expect(externalIdOf(ACCOUNT, Buffer.alloc(32, 7))).toBe(id);
    expect(externalIdOf('000000000000', key)).not.toBe(id);
    expect(externalIdOf(ACCOUNT, Buffer.alloc(32, 8))).not.toBe(id);
    // What STS takes for one.
    expect(id).toMatch(/^[\w+=,.@:/-]{2,1224}$/);
  });

  it('needs a whole key', () => {
    expect(() => externalIdOf(ACCOUNT, Buffer.alloc(16))).toThrow('32 bytes');
  });
});
