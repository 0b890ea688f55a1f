import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** What a deployed stack says of its console. */
export interface ConsoleOutputs {
  url: string;
  bucket: string;
  /** The text of `/console/config.json`. */
  config: string;
}

/** @throws Error that says how to get a console, where the stack has none */
export async function consoleOutputs(client: CloudFormationClient, stack: string): Promise<ConsoleOutputs> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs);
  const [url, bucket, config] = ['ConsoleUrl', 'ConsoleBucketName', 'ConsoleConfig'].map(
    name => outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue,
  );
  if (url && bucket && config) return { url, bucket, config };
  throw new Error(`The stack ${stack} has no console: deploy it with --param="consoleEnabled=true" first.`);
}
