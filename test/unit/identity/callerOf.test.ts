import type { APIGatewayProxyEvent, LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../../lib/audit/record.ts';
import type { Caller } from '../../../lib/identity/caller.ts';
import { callerOf, signerOf } from '../../../lib/identity/callerOf.ts';

const ACCOUNT = '111122223333';
const ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/console-operator/CognitoIdentityCredentials`;
const POOL = 'eu-west-1:0d01f4d7-0000-4000-8000-000000000000';
const JO = 'eu-west-1:11111111-0000-4000-8000-000000000000';
const SAM = 'eu-west-1:22222222-0000-4000-8000-000000000000';
const PROVIDER = 'login.example.com:OIDC:subject-of-jo';

const apiEvent = (identity: object) =>
  ({
    requestContext: {
      identity: {
        accountId: ACCOUNT,
        userArn: ARN,
        caller: 'AROAOPERATOR:CognitoIdentityCredentials',
        accessKey: 'ASIAPERSON',
        sourceIp: '192.0.2.1',
        userAgent: 'browser',
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        cognitoAuthenticationProvider: null,
        ...identity,
      },
    },
  }) as APIGatewayProxyEvent;

const of = (cognitoIdentityId: string) =>
  callerOf(
    apiEvent({
      cognitoIdentityId,
      cognitoIdentityPoolId: POOL,
      cognitoAuthenticationProvider: PROVIDER,
    }),
  );

describe('callers with credentials of an identity pool', () => {
  it('are told apart by their identity, with the ARN that AWS gives them', () => {
    const jo = of(JO);
    expect(jo).toMatchObject({
      type: 'AssumedRole',
      arn: ARN,
      principalId: `AROAOPERATOR:${JO}`,
      userName: JO,
      webIdentity: { identityId: JO, identityPoolId: POOL, provider: PROVIDER },
    });
    expect(of(SAM).principalId).not.toBe(jo.principalId);
  });

  it('are told apart at the agents’ endpoint, too', () => {
    const iam = {
      accountId: ACCOUNT,
      userArn: ARN,
      callerId: 'AROAOPERATOR:CognitoIdentityCredentials',
      accessKey: 'ASIAPERSON',
      cognitoIdentity: {
        amr: ['authenticated', 'login.example.com', PROVIDER],
        identityId: JO,
        identityPoolId: POOL,
      },
    };
    const event = {
      requestContext: { authorizer: { iam }, http: { sourceIp: '192.0.2.1', userAgent: 'agent' } },
    } as unknown as LambdaFunctionURLEventWithIAMAuthorizer;
    expect(signerOf(event)).toMatchObject({
      principalId: `AROAOPERATOR:${JO}`,
      userName: JO,
      webIdentity: { identityId: JO, identityPoolId: POOL, provider: PROVIDER },
    });
  });

  it('are in events as in those of CloudTrail', () => {
    expect(recordOf(of(JO)).userIdentity).toEqual({
      type: 'AssumedRole',
      principalId: `AROAOPERATOR:${JO}`,
      arn: ARN,
      accountId: ACCOUNT,
      accessKeyId: 'ASIAPERSON',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAOPERATOR',
          accountId: ACCOUNT,
          userName: 'console-operator',
        },
        webIdFederationData: {
          federatedProvider: 'cognito-identity.amazonaws.com',
          attributes: {
            'cognito-identity.amazonaws.com:aud': POOL,
            'cognito-identity.amazonaws.com:sub': JO,
            'cognito-identity.amazonaws.com:amr': PROVIDER,
          },
        },
      },
    });
  });

  it('change nothing for other roles', () => {
    const caller = callerOf(apiEvent({ caller: 'AROAOPERATOR:jo' }));
    expect(caller).toMatchObject({ principalId: 'AROAOPERATOR:jo', userName: 'CognitoIdentityCredentials' });
    expect(caller).not.toHaveProperty('webIdentity');
    expect(recordOf(caller).userIdentity).not.toHaveProperty('sessionContext.webIdFederationData');
  });
});

function recordOf(caller: Caller) {
  const facts = {
    ...{ eventId: 'e', eventName: 'ListServices', requestId: 'r', at: 0, accountId: ACCOUNT, caller },
    ...{ readOnly: true, requestParameters: null, responseElements: null, resources: [] },
  };
  return buildRecord(facts, { region: 'eu-west-1', eventSource: 'aidevops.switchboard' });
}
