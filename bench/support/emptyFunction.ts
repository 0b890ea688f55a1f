import type { BuiltFunction } from './privateBuild.ts';

/** What a bundle takes from the AWS SDK: its clients, and its commands where they are separate exports. */
export interface SdkUse {
  /** Package names, such as `@aws-sdk/client-kms`. */
  clients: string[];
  /** Commands of `@aws-sdk/lib-dynamodb`. */
  documentCommands: string[];
}

/** The class of each client that functions use; a client that is missing here is an error, not a smaller baseline. */
const CLIENT_CLASS: Record<string, string> = {
  '@aws-sdk/client-cloudwatch-logs': 'CloudWatchLogsClient',
  '@aws-sdk/client-dynamodb': 'DynamoDBClient',
  '@aws-sdk/client-eventbridge': 'EventBridgeClient',
  '@aws-sdk/client-kms': 'KMSClient',
  '@aws-sdk/client-s3': 'S3Client',
  '@aws-sdk/client-sqs': 'SQSClient',
  '@aws-sdk/client-sts': 'STSClient',
};

/** Reads from a bundle's own list of sources which SDK clients are in it. */
export function sdkUse({ sources }: BuiltFunction): SdkUse {
  const clients = new Set<string>();
  const commands = new Set<string>();
  for (const source of sources) {
    const [, client] = /^(@aws-sdk\/client-[a-z0-9-]+)\//.exec(source) ?? [];
    if (client) clients.add(client);
    const [, command] = /^@aws-sdk\/lib-dynamodb\/dist-es\/commands\/(\w+Command)\.js$/.exec(source) ?? [];
    if (command) commands.add(command);
  }
  return { clients: [...clients].sort(), documentCommands: [...commands].sort() };
}

/**
 * A function that holds the same SDK clients and commands, makes the clients and asks the store for one item at its call,
 * as every function does first.
 */
export function emptyFunction({ clients, documentCommands }: SdkUse): string {
  const commands = [...new Set([...documentCommands, 'GetCommand'])];
  const asks = clients.includes('@aws-sdk/client-dynamodb');
  return [
    ...clients.map(client => `import { ${CLIENT_CLASS[client] ?? unknownClient(client)} } from '${client}';`),
    ...(asks
      ? [`import { DynamoDBDocumentClient, ${commands.join(', ')} } from '@aws-sdk/lib-dynamodb';`]
      : []),
    `const held = [${asks ? commands.join(', ') : ''}];`,
    'export const handler = async () => {',
    '  const settings = { region: process.env.AWS_REGION };',
    "  const local = { endpoint: process.env.DYNAMODB_ENDPOINT, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };",
    ...clients.map(client => `  held.push(new ${CLIENT_CLASS[client]}({ ...settings, ...local }));`),
    ...(asks
      ? [
          '  const store = DynamoDBDocumentClient.from(new DynamoDBClient({ ...settings, ...local }));',
          "  await store.send(new GetCommand({ TableName: process.env.TABLE_NAME, Key: { pk: 'none', sk: '-' } }));",
        ]
      : []),
    '  return { statusCode: 200, body: String(held.length) };',
    '};',
  ].join('\n');
}

function unknownClient(client: string): never {
  throw new Error(`No class is known for ${client}: add it to the empty function's list.`);
}
