/** Who calls, as far as the entry point proved it. Handlers see nothing else of the request's identity. */
export interface Caller {
  /** Twelve digits. Every key that the request touches begins with it. */
  accountId: string;
  /** CloudTrail `userIdentity.type`. */
  type: 'IAMUser' | 'AssumedRole' | 'Root' | 'AWSService';
  arn: string;
  principalId: string;
  accessKeyId: string;
  /** What LookupEvents calls `Username`: the IAM user, or the session name of an assumed role. */
  userName: string;
  sourceIp: string;
  userAgent: string;
}
