import type { Facts } from '../aws/resolved.ts';

/** What the stack of a console that is deployed would have; of the bucket, the account and the region. */
export const DEPLOYED: Facts = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com',
  ApiGatewayRestApi: 'a1b2c3d4e5',
  ConsoleBucket: 'the-console-bucket',
  'ConsoleBucket.Arn': 'arn:aws:s3:::the-console-bucket',
  'ConsoleBucket.RegionalDomainName': 'the-console-bucket.s3.us-east-1.amazonaws.com',
  'ConsoleAccessControl.Id': 'E1ACCESS',
  'ConsoleRoutes.FunctionMetadata.FunctionARN': 'arn:aws:cloudfront::111122223333:function/routes',
  ConsoleHeaders: 'the-headers-policy',
  ConsoleDistribution: 'E1DISTRIBUTION',
  'ConsoleDistribution.DomainName': 'd111111abcdef8.cloudfront.net',
  'McpGatewayLambdaFunctionUrl.FunctionUrl': 'https://agents.lambda-url.us-east-1.on.aws/',
};
