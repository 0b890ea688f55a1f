import { attribute, type Resource, ref, type Value } from './cloudformation.ts';
import type { ConsoleProvider } from './identityProvider.ts';
import { formParam, type Resolver } from './params.ts';

/** What people may be in the console, the most first, and the managed policy that says what that is. */
const ROLES = {
  admin: { id: 'ConsoleAdmin', policy: 'SwitchboardAdmin' },
  operator: { id: 'ConsoleOperator', policy: 'SwitchboardOperator' },
  auditor: { id: 'ConsoleAuditor', policy: 'SwitchboardAuditor' },
} as const;

type RoleName = keyof typeof ROLES;
const NAMES = Object.keys(ROLES) as RoleName[];

const arnOf = (name: RoleName) => attribute(`${ROLES[name].id}Role`, 'Arn');

/** Of people whom the identity pool knows; not of strangers, nor of other pools. */
function role(policies: Value[]): Resource {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': ref('ConsoleIdentityPool') },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
    },
  };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement] },
      ManagedPolicyArns: policies,
    },
  };
}

const rolesOf = (names: readonly RoleName[]): Record<string, Resource> =>
  Object.fromEntries(names.map(name => [`${ROLES[name].id}Role`, role([ref(ROLES[name].policy)])]));

/**
 * The roles of people, and who gets which: by their group in a user pool of the stack, by a claim of their id token
 * where the parameter `consoleRoleClaim` names one, and else what `consoleRole` says. Whom groups or claims give no role
 * gets no credentials.
 * @throws Error naming a parameter that cannot be used
 */
export async function consoleRoles(
  resolver: Resolver,
  { mappedAs, hasGroups }: ConsoleProvider,
): Promise<Record<string, Resource>> {
  const claim = await formParam(resolver, 'consoleRoleClaim', /^[\w:./-]{1,64}$/, 'the name of a claim');
  const isRole = /^(admin|operator|auditor)$/;
  const one = (await formParam(resolver, 'consoleRole', isRole, 'admin, operator or auditor')) as RoleName;
  if (!hasGroups && claim === undefined) return { ...rolesOf([one]), ...attachment(arnOf(one)) };
  const mapping = {
    IdentityProvider: mappedAs,
    AmbiguousRoleResolution: 'Deny',
    ...(hasGroups ? { Type: 'Token' } : { Type: 'Rules', RulesConfiguration: rules(String(claim)) }),
  };
  return {
    ...rolesOf(NAMES),
    ...(hasGroups && groups),
    // What the pool would give to people whom the mapping is not about, of whom there are none.
    ConsoleNobodyRole: role([]),
    ...attachment(attribute('ConsoleNobodyRole', 'Arn'), { RoleMappings: { Console: mapping } }),
  };
}

function rules(claim: string): object {
  return {
    Rules: NAMES.map(name => ({
      Claim: claim,
      MatchType: 'Equals',
      Value: name,
      RoleARN: arnOf(name),
    })),
  };
}

const groups: Record<string, Resource> = Object.fromEntries(
  NAMES.map((name, place) => [
    `${ROLES[name].id}Group`,
    {
      Type: 'AWS::Cognito::UserPoolGroup',
      Properties: {
        UserPoolId: ref('ConsoleUserPool'),
        GroupName: name,
        RoleArn: arnOf(name),
        // Of several groups the lowest counts.
        Precedence: place + 1,
      },
    },
  ]),
);

function attachment(authenticated: Value, mappings: object = {}): Record<string, Resource> {
  return {
    ConsoleRoleAttachment: {
      Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
      Properties: {
        IdentityPoolId: ref('ConsoleIdentityPool'),
        Roles: { authenticated },
        ...mappings,
      },
    },
  };
}
