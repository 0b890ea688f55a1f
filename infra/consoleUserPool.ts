import { CALLBACK } from '../console/api/config.ts';
import { attribute, join, type Resource, ref, type Value } from './cloudformation.ts';
import { type ConsoleProvider, cognitoSettings } from './identityProvider.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const PREFIX = '${self:service}-${sls:stage}';

/** Minutes: as long as the identity pool's credentials last. */
const TOKEN_MINUTES = 60;
/** A working day; then the person signs in again. */
const REFRESH_HOURS = 12;

const providerName = attribute('ConsoleUserPool', 'ProviderName');
const domain = join(PREFIX, '-', ref('AWS::AccountId'));

/** People whom an administrator adds, with a second factor. They outlive the stack. */
const pool: Resource = {
  Type: 'AWS::Cognito::UserPool',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    UserPoolName: PREFIX,
    UsernameAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
    AutoVerifiedAttributes: ['email'],
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    Policies: { PasswordPolicy: { MinimumLength: 14, TemporaryPasswordValidityDays: 3 } },
    MfaConfiguration: 'ON',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    DeletionProtection: 'ACTIVE',
  },
};

/** The console: a public client of the code flow. */
const client = (origin: Value): Resource => ({
  Type: 'AWS::Cognito::UserPoolClient',
  Properties: {
    UserPoolId: ref('ConsoleUserPool'),
    ClientName: 'console',
    GenerateSecret: false,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email'],
    SupportedIdentityProviders: ['COGNITO'],
    CallbackURLs: [join(origin, CALLBACK)],
    LogoutURLs: [join(origin, '/console/')],
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    EnableTokenRevocation: true,
    PreventUserExistenceErrors: 'ENABLED',
    IdTokenValidity: TOKEN_MINUTES,
    AccessTokenValidity: TOKEN_MINUTES,
    RefreshTokenValidity: REFRESH_HOURS,
    TokenValidityUnits: { IdToken: 'minutes', AccessToken: 'minutes', RefreshToken: 'hours' },
  },
});

/** A user pool with managed login for the console at an origin. */
export function userPool(origin: Value): ConsoleProvider {
  const clientId = ref('ConsoleUserPoolClient');
  return {
    resources: {
      ConsoleUserPool: pool,
      ConsoleUserPoolClient: client(origin),
      ConsoleUserPoolDomain: {
        Type: 'AWS::Cognito::UserPoolDomain',
        Properties: { UserPoolId: ref('ConsoleUserPool'), Domain: domain, ManagedLoginVersion: 2 },
      },
      // Managed login shows nothing without.
      ConsoleLoginBranding: {
        Type: 'AWS::Cognito::ManagedLoginBranding',
        Properties: {
          UserPoolId: ref('ConsoleUserPool'),
          ClientId: clientId,
          UseCognitoProvidedValues: true,
        },
      },
    },
    issuer: join('https://', providerName),
    clientId,
    scope: 'openid email',
    origins: [
      join('https://cognito-idp.', ref('AWS::Region'), '.amazonaws.com'),
      join('https://', domain, '.auth.', ref('AWS::Region'), '.amazoncognito.com'),
    ],
    poolSettings: cognitoSettings(providerName, clientId),
    mappedAs: join(providerName, ':', clientId),
    hasGroups: true,
  };
}
