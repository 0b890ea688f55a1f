import { resolve } from 'node:path';
import { accessKeysFile, rootKeyFromEnv } from '../local/accessKeys.ts';
import { type AccessKey, ROLES, type Role } from '../local/identity/accessKey.ts';
import {
  AccessKeyError,
  createAccessKey,
  deleteAccessKey,
  listAccessKeys,
} from '../local/identity/manageAccessKeys.ts';
import { showKey } from '../local/identity/showKey.ts';
import { asksForHelp, readArguments } from './commandLine.ts';

const USAGE = `Local access keys of the embedded server.

  npm run keys -- create --role ${ROLES.join('|')} [--account ID] [--name NAME]
  npm run keys -- list
  npm run keys -- delete <accessKeyId>

--role         ${ROLES.join(', ')}: what the key may do; needed.
--account      12 digits (SWITCHBOARD_ACCOUNT_ID when left out).
--name         The user's name in the audit trail.

A running server notices changes within a second. SWITCHBOARD_DATA_DIR names the data folder (.switchboard).`;

const CREATE = {
  call: 'npm run keys -- create',
  options: { role: { type: 'string' }, account: { type: 'string' }, name: { type: 'string' } },
} as const;
const LIST = { call: 'npm run keys -- list', options: {} };
const DELETE = { call: 'npm run keys -- delete', options: {}, positionals: ['<accessKeyId>'] };

const env = process.env;
const accountId = env.SWITCHBOARD_ACCOUNT_ID || '000000000000';
const file = accessKeysFile(resolve(env.SWITCHBOARD_DATA_DIR || '.switchboard'));

function run(args: string[]): string {
  const [command, ...rest] = args;
  if (asksForHelp(args)) return USAGE;
  switch (command) {
    case 'create':
      return create(rest);
    case 'list':
      readArguments(rest, LIST);
      return list();
    case 'delete':
      return remove(rest);
    case undefined:
    case 'help':
      return USAGE;
    default:
      throw new AccessKeyError(`There is no command "${command}".\n\n${USAGE}`);
  }
}

function create(args: string[]): string {
  const { values } = readArguments(args, CREATE);
  const key = createAccessKey(
    file,
    {
      role: roleOf(values.role),
      accountId: values.account ?? accountId,
      ...(values.name !== undefined && { userName: values.name }),
    },
    Date.now,
  );
  return showKey(key, file, process.stdout.isTTY === true);
}

function remove(args: string[]): string {
  const [id = ''] = readArguments(args, DELETE).positionals;
  deleteAccessKey(file, id, rootKeyFromEnv(env, accountId) !== undefined);
  return `Deleted access key ${id}.`;
}

function list(): string {
  const root = rootKeyFromEnv(env, accountId);
  const rows = listAccessKeys(file).map(key => row(key, key.createdAt));
  if (root) rows.unshift(row(root, 'set by the environment'));
  return rows.length > 0 ? rows.join('\n') : `There are no access keys in ${file}.`;
}

function row({ accessKeyId, role, accountId: account, userName }: AccessKey, note: string): string {
  return [accessKeyId, role.padEnd(8), account, userName.padEnd(16), note].join('  ');
}

function roleOf(value: unknown): Role {
  const role = ROLES.find(name => name === value);
  if (!role) throw new AccessKeyError(`--role must be one of ${ROLES.join(', ')}.`);
  return role;
}

try {
  console.log(run(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
