import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { executableName, findJava, isExecutable, onPath } from './findExecutable.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where `scripts/dynamodbLocal.ts` unpacks AWS's DynamoDB Local, under the project's root. */
export const DYNAMODB_LOCAL_DIR = join('.cache', 'dynamodb-local', 'emulator');

export type FoundEngine =
  | { kind: 'dynoxide'; binary: string }
  | { kind: 'dynamodb-local'; java: string; emulatorDir: string };

export type ProcessKind = FoundEngine['kind'];

/**
 * The engine to run: Dynoxide as installed beside this project, then from PATH, then DynamoDB Local where Java and
 * its jar are. `only` restricts the choice.
 * @throws Error that says what to install on this platform
 */
export function findEngine(projectRoot: string, env: Env, only?: ProcessKind): FoundEngine {
  const found =
    (only !== 'dynamodb-local' && findDynoxide(projectRoot, env)) ||
    (only !== 'dynoxide' && findDynamodbLocal(projectRoot, env));
  if (found) return found;
  throw new Error(missingMessage(`${process.platform}-${process.arch}`, only));
}

function findDynoxide(projectRoot: string, env: Env): FoundEngine | undefined {
  const binary = packagedDynoxide(projectRoot) ?? onPath('dynoxide', env);
  return binary === undefined ? undefined : { kind: 'dynoxide', binary };
}

function packagedDynoxide(projectRoot: string): string | undefined {
  // From the project's root, not from this module: bundled, it lives in another folder.
  const { resolve } = createRequire(join(projectRoot, 'package.json'));
  try {
    const manifest = resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`);
    const binary = join(dirname(manifest), executableName('dynoxide'));
    return isExecutable(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function findDynamodbLocal(projectRoot: string, env: Env): FoundEngine | undefined {
  const emulatorDir = join(projectRoot, DYNAMODB_LOCAL_DIR);
  const java = existsSync(join(emulatorDir, 'DynamoDBLocal.jar')) ? findJava(env) : undefined;
  return java === undefined ? undefined : { kind: 'dynamodb-local', java, emulatorDir };
}

/** What a person on this platform can do to get an engine. */
export function missingMessage(platform: string, only?: ProcessKind): string {
  const dynoxide =
    platform === 'linux-x64'
      ? 'run `npm ci` without --omit=optional (it brings Dynoxide), or put a `dynoxide` binary on PATH'
      : 'put a `dynoxide` binary on PATH (Dynoxide 1.2, https://github.com/nubo-db/dynoxide)';
  const dynamodbLocal =
    "install Java 17 and run `node scripts/dynamodbLocal.ts` (it fetches AWS's DynamoDB Local)";
  const ways = [
    ...(only === 'dynamodb-local' ? [] : [dynoxide]),
    ...(only === 'dynoxide' ? [] : [dynamodbLocal]),
    'set DYNAMODB_ENDPOINT to an engine that you run',
  ];
  return `No database engine was found for ${platform}. One of these helps:\n${ways.map(way => `- ${way}`).join('\n')}`;
}
