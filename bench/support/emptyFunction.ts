import type { BuiltFunction } from './privateBuild.ts';

/** What a bundle takes from SDKs: clients and commands of AWS's, and those of MCP and of encryption. */
export interface SdkUse {
  /** Package names, such as `@aws-sdk/client-kms`. */
  clients: string[];
  /** Commands of `@aws-sdk/lib-dynamodb`. */
  documentCommands: string[];
  /** Other packages that a function with the same job could not do without, whoever wrote it. */
  others: string[];
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

/** What DynamoDB calls that which a command of the document client asks for. */
const ACTION: Record<string, string> = {
  BatchGetCommand: 'BatchGetItem',
  BatchWriteCommand: 'BatchWriteItem',
  DeleteCommand: 'DeleteItem',
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  QueryCommand: 'Query',
  ScanCommand: 'Scan',
  TransactGetCommand: 'TransactGetItems',
  TransactWriteCommand: 'TransactWriteItems',
  UpdateCommand: 'UpdateItem',
};

/** What is imported of each of the others. */
const OTHERS: Record<string, string> = {
  '@aws-crypto/decrypt-node': '{ buildDecrypt }',
  '@aws-crypto/encrypt-node': '{ buildEncrypt }',
  '@aws-crypto/kms-keyring': '{ KmsKeyringClass }',
  '@modelcontextprotocol/client': '{ Client, StreamableHTTPClientTransport }',
  '@modelcontextprotocol/server': '{ createMcpHandler, Server }',
  'undici/lib/core/connect.js': 'connect',
  'undici/lib/dispatcher/pool.js': 'Pool',
};

/** Reads from a bundle's own list of sources which SDKs are in it. */
export function sdkUse({ sources }: BuiltFunction): SdkUse {
  const clients = new Set<string>();
  const commands = new Set<string>();
  const others = new Set<string>();
  for (const source of sources) {
    const [, client] = /^(@aws-sdk\/client-[a-z0-9-]+)\//.exec(source) ?? [];
    if (client) clients.add(client);
    const [, command] = /^@aws-sdk\/lib-dynamodb\/dist-es\/commands\/(\w+Command)\.js$/.exec(source) ?? [];
    if (command) commands.add(command);
    for (const other of Object.keys(OTHERS)) {
      if (source === other || source.startsWith(`${other}/`)) others.add(other);
    }
  }
  return { clients: [...clients].sort(), documentCommands: [...commands].sort(), others: [...others].sort() };
}

/**
 * A function that holds the same clients and commands of the AWS SDK, makes the clients and asks the store for one item
 * at its call, as every function does first.
 */
export function emptyFunction({ clients, documentCommands }: SdkUse): string {
  const calls = [{ action: 'GetItem', input: { Key: { pk: 'none', sk: '-' } } }];
  return sourceOf({ clients, documentCommands: ['GetCommand', ...documentCommands], others: [] }, [
    `for (const { action, input } of ${JSON.stringify(calls)}) {`,
    '  await store.send(new COMMANDS[action]({ TableName: process.env.TABLE_NAME, ...input }));',
    '}',
  ]);
}

/**
 * A function that holds all the same SDKs, and makes the calls to the store that its event lists: what the real function
 * spends beyond this one is its own. Items that are written get keys of their own, so that conditions hold again.
 */
export function sameCallsFunction(use: SdkUse): string {
  return sourceOf(use, [
    'for (const { action, input } of event.calls) {',
    '  const puts = [input, ...(input.TransactItems ?? []).map(item => item.Put ?? {})];',
    '  for (const { Item } of puts) if (Item) Item.pk += process.hrtime.bigint();',
    '  await store.send(new COMMANDS[action](input)).catch(() => {});',
    '}',
  ]);
}

function sourceOf({ clients, documentCommands, others }: SdkUse, calls: readonly string[]): string {
  const commands = [...new Set(documentCommands)];
  const asks = clients.includes('@aws-sdk/client-dynamodb');
  return [
    ...clients.map(client => `import { ${CLIENT_CLASS[client] ?? unknownClient(client)} } from '${client}';`),
    ...others.map(other => `import ${OTHERS[other]} from '${other}';`),
    ...(asks
      ? [`import { DynamoDBDocumentClient, ${commands.join(', ')} } from '@aws-sdk/lib-dynamodb';`]
      : []),
    `const COMMANDS = { ${asks ? commands.map(command => `${actionOf(command)}: ${command}`).join(', ') : ''} };`,
    `const held = [${others.map(other => (OTHERS[other] ?? '').replaceAll(/[{}]/g, '')).join(', ')}];`,
    'export const handler = async event => {',
    '  const settings = { region: process.env.AWS_REGION };',
    "  const local = { endpoint: process.env.DYNAMODB_ENDPOINT, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };",
    ...clients.map(client => `  held.push(new ${CLIENT_CLASS[client]}({ ...settings, ...local }));`),
    ...(asks
      ? [
          '  const store = DynamoDBDocumentClient.from(new DynamoDBClient({ ...settings, ...local }));',
          ...calls.map(line => `  ${line}`),
        ]
      : []),
    '  return { statusCode: 200, body: String(held.length) };',
    '};',
  ].join('\n');
}

function actionOf(command: string): string {
  const action = ACTION[command];
  if (!action) throw new Error(`No action is known for ${command}: add it to the empty function's list.`);
  return action;
}

function unknownClient(client: string): never {
  throw new Error(`No class is known for ${client}: add it to the empty function's list.`);
}
