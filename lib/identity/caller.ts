/** Who calls, as far as the entry point proved it. Handlers see nothing else of the request's identity. */
export interface Caller {
  /** Twelve digits. Every key that the request touches begins with it. */
  accountId: string;
  /** CloudTrail `userIdentity.type`; `AccessToken` is ours: an agent that came with a token of its space. */
  type: 'IAMUser' | 'AssumedRole' | 'FederatedUser' | 'Root' | 'AWSService' | 'AccessToken';
  arn: string;
  principalId: string;
  /** Of an access token: its id. */
  accessKeyId: string;
  /** What LookupEvents calls `Username`: the IAM user, the session name of an assumed role or a federated user, the token's name. */
  userName: string;
  sourceIp: string;
  userAgent: string;
}
