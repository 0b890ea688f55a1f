import { expect, it } from 'vitest';
import { callerOf } from '../../../lib/identity/callerOf.ts';
import { restEvent } from '../../support/lambda/restEvents.ts';

const callerWith = (userArn: string | null, accountId: string | null = '111122223333') => {
  const event = restEvent('assumedRole', { method: 'GET', resource: '/v1/services' });
  Object.assign(event.requestContext.identity, { userArn, accountId });
  return callerOf(event);
};

it.each([
  ['sts::111122223333:assumed-role/Deployer/ci-4711', 'AssumedRole', 'ci-4711'],
  ['sts::111122223333:federated-user/ann', 'FederatedUser', 'ann'],
  ['iam::111122223333:user/ann', 'IAMUser', 'ann'],
  ['iam::111122223333:user/division/team/ann', 'IAMUser', 'ann'],
  ['iam::111122223333:root', 'Root', 'root'],
])('arn:aws:%s is a %s named %s', (arn, type, userName) => {
  for (const partition of ['aws', 'aws-us-gov', 'aws-cn']) {
    const full = `arn:${partition}:${arn}`;
    expect(callerWith(full)).toMatchObject({ arn: full, type, userName, accountId: '111122223333' });
  }
});

it('is nobody without an account or an ARN', () => {
  for (const [arn, account] of [
    [null, '111122223333'],
    ['arn:aws:iam::111122223333:user/ann', null],
    ['', ''],
  ] as const) {
    expect(() => callerWith(arn, account)).toThrow('no AWS identity');
  }
});
