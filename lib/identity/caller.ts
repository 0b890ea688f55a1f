/** Who calls, as far as the entry point proved it. Handlers see nothing else of the request's identity. */
export interface Caller {
  /** Twelve digits. Every key that the request touches begins with it. */
  accountId: string;
  /** CloudTrail `userIdentity.type`; `AccessToken` is ours: an agent that came with a token of its space. */
  type: 'IAMUser' | 'AssumedRole' | 'Root' | 'AWSService' | 'AccessToken';
  arn: string;
  principalId: string;
  /** Of an access token: its id. */
  accessKeyId: string;
  /**
   * What LookupEvents calls `Username`: the IAM user, the session name of an assumed role, the identity of an identity
   * pool, the token's name.
   */
  userName: string;
  sourceIp: string;
  userAgent: string;
  /** Of credentials that a Cognito identity pool gave. */
  webIdentity?: WebIdentity;
}

/** A person whom an identity provider signed in, as a Cognito identity pool knows them. */
export interface WebIdentity {
  identityId: string;
  identityPoolId: string;
  /** The provider, and what it calls the person; as AWS spells it. */
  provider: string;
}
