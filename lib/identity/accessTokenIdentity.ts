import { spaceResource } from './arn.ts';

/** The bearer of a space's access token as the trail names it: CloudTrail `userIdentity`. */
export interface AccessTokenIdentity {
  type: 'AccessToken';
  /** The token's id, which says nothing of its value. */
  principalId: string;
  arn: string;
  accountId: string;
  /** The name that the token was given. */
  userName: string;
}

/** A bearer, and where the request came from. */
export interface TokenCaller extends AccessTokenIdentity {
  sourceIp: string;
  userAgent: string;
}

interface TokenPlace {
  region: string;
  accountId: string;
  agentSpaceId: string;
}

/** `arn:aws:aidevops:<region>:<account>:agentspace/<space>/access-token/<id>`. */
export function tokenArn(place: TokenPlace, tokenId: string): string {
  return `${spaceResource(place, place.agentSpaceId).arn}/access-token/${tokenId}`;
}

export function accessTokenIdentity(
  place: TokenPlace,
  token: { tokenId: string; name: string },
): AccessTokenIdentity {
  return {
    type: 'AccessToken',
    principalId: token.tokenId,
    arn: tokenArn(place, token.tokenId),
    accountId: place.accountId,
    userName: token.name,
  };
}
