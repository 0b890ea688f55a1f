import type { Config } from '../context.ts';
import type { Caller } from './caller.ts';

/** The caller of what nobody asked for, as CloudTrail names a service that acts by itself. */
export function ourselves(accountId: string, { eventSource }: Pick<Config, 'eventSource'>): Caller {
  return {
    accountId,
    type: 'AWSService',
    arn: '',
    principalId: eventSource,
    accessKeyId: '',
    userName: '',
    sourceIp: eventSource,
    userAgent: eventSource,
  };
}
