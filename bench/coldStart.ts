/**
 * CPU time of each function's cold start, import and first call, in a process of its own behind a Runtime API on
 * loopback, with the embedded engine as the store; beside an empty function with the same SDK clients that reads one
 * item.
 */
import { startTestEngine } from '../test/support/engine.ts';
import { coldEvent } from './support/coldEvents.ts';
import { coldStarts } from './support/coldStarts.ts';
import { emptyFunction, type SdkUse, sdkUse } from './support/emptyFunction.ts';
import { type BuiltFunction, buildFunctions, functionSources } from './support/privateBuild.ts';
import { printTable, round, writeResult } from './support/result.ts';

/** Starts of each bundle: odd, so that the median is one of them. */
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const BUDGET = { ratio: 1.25, lightMs: 100, bytes: 1_200_000 };

const labelOf = ({ clients, documentCommands }: SdkUse) =>
  ['none', ...clients, ...documentCommands].join('-').replaceAll(/@aws-sdk\/|Command/g, '');

const isLight = ({ sources }: BuiltFunction) =>
  !sources.some(source => /^@(aws-crypto\/.*-node|modelcontextprotocol)\//.test(source));

const real = await buildFunctions(functionSources());
const empty = await buildFunctions(
  new Map(real.functions.map(one => [labelOf(sdkUse(one)), emptyFunction(sdkUse(one))])),
);
const engine = await startTestEngine();
try {
  const tasks = [
    ...real.functions.map(({ name, file }) => ({ file, event: coldEvent(name) })),
    ...empty.functions.map(({ file }) => ({ file, event: {} })),
  ];
  const starts = await coldStarts(tasks, RUNS, settings());
  const rows = real.functions.map(one => {
    const bare = empty.functions.find(({ name }) => name === labelOf(sdkUse(one)));
    const own = starts.get(one.file);
    const other = bare && starts.get(bare.file);
    if (!own || !other) throw new Error(`${one.name} was not measured.`);
    const ratio = round(own.cpuMs / other.cpuMs);
    const misses = [
      ...(ratio > BUDGET.ratio ? ['ratio'] : []),
      ...(isLight(one) && own.cpuMs > BUDGET.lightMs ? ['time'] : []),
      ...(one.bytes > BUDGET.bytes ? ['bytes'] : []),
    ];
    return {
      name: one.name,
      light: isLight(one),
      bytes: one.bytes,
      ...own,
      emptyCpuMs: other.cpuMs,
      ratio,
      misses,
    };
  });
  printTable(
    ['function', 'kB', 'import ms', 'with call ms', 'empty ms', 'ratio', 'first answer', 'misses'],
    rows.map(row => [
      row.name,
      round(row.bytes / 1000, 0),
      row.importMs,
      row.cpuMs,
      row.emptyCpuMs,
      row.ratio,
      row.outcome,
      row.misses.join(' '),
    ]),
  );
  writeResult('coldStart', { runs: RUNS, budget: BUDGET, functions: rows });
} finally {
  await engine.stop();
  real.dispose();
  empty.dispose();
}

/** As serverless.yml sets them; whatever is not the store leads to a closed port. */
function settings(): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9';
  const key = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000';
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    AWS_ENDPOINT_URL: nowhere,
    AWS_MAX_ATTEMPTS: '1',
    DYNAMODB_ENDPOINT: engine.endpoint,
    TABLE_NAME: engine.tableName,
    SWITCHBOARD_ACCOUNT_ID: '111122223333',
    KMS_KEY_ARN: key,
    AUDIT_SIGNING_KEY_ARN: key,
    AUDIT_BUCKET: 'bench',
    AUDIT_EVENT_BUS: 'default',
    AUDIT_LOG_GROUP: 'bench',
    AUDIT_DEAD_LETTERS_URL: nowhere,
    PAGE_TOKEN_KEY: 'bench'.repeat(10),
    EXTERNAL_ID_SECRET: 'bench'.repeat(10),
    PUBLIC_BASE_URL: 'https://switchboard.example.com',
  };
}
