import { accessTokenResource } from './arn.ts';
import type { Caller } from './caller.ts';
import type { VerifiedToken } from './verifyAccessToken.ts';

/**
 * Whoever comes with a proven token, as events name them: LookupEvents finds them by the token's name (`Username`)
 * and by its id (`AccessKeyId`).
 */
export function tokenCaller(
  token: VerifiedToken,
  { region, sourceIp, userAgent }: { region: string; sourceIp: string; userAgent: string },
): Caller {
  const { accountId, tokenId, agentSpaceId, name } = token;
  return {
    accountId,
    type: 'AccessToken',
    arn: accessTokenResource({ region, accountId }, agentSpaceId, tokenId).arn,
    principalId: tokenId,
    accessKeyId: tokenId,
    userName: name,
    sourceIp,
    userAgent,
  };
}
