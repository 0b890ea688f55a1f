/**
 * CPU time of each function's cold start, import and first call, in a process of its own behind a Runtime API on
 * loopback, with the embedded engine as the store. Beside it two functions without code of ours: an empty one with the
 * same AWS SDK clients that reads one item, which the budget is a ratio to; and one that holds the SDKs of MCP and of
 * encryption too and makes the same calls to the store, which tells how much of the rest is our own.
 */
import { startTestEngine } from '../test/support/engine.ts';
import { coldEvent } from './support/coldEvents.ts';
import { coldStarts } from './support/coldStarts.ts';
import { emptyFunction, type SdkUse, sameCallsFunction, sdkUse } from './support/emptyFunction.ts';
import { type BuiltFunction, buildFunctions, functionSources } from './support/privateBuild.ts';
import { recordingStore, type StoreCall } from './support/recordingStore.ts';
import { printTable, round, writeResult } from './support/result.ts';

/** Starts of each bundle: odd, so that the median is one of them. */
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const BUDGET = { ratio: 1.25, lightMs: 100, bytes: 1_200_000 };

const labelOf = ({ clients, documentCommands }: SdkUse) =>
  ['none', ...clients, ...documentCommands].join('-').replaceAll(/@aws-sdk\/|Command/g, '');
const doubleOf = ({ name }: BuiltFunction) => `${name}-calls`;

const isLight = ({ sources }: BuiltFunction) =>
  !sources.some(source => /^@(aws-crypto\/.*-node|modelcontextprotocol)\//.test(source));

const real = await buildFunctions(functionSources());
const bare = await buildFunctions(
  new Map(
    real.functions.flatMap(one => [
      [labelOf(sdkUse(one)), emptyFunction(sdkUse(one))],
      [doubleOf(one), sameCallsFunction(sdkUse(one))],
    ]),
  ),
);
const bareFile = (label: string) => bare.functions.find(({ name }) => name === label)?.file ?? '';
const engine = await startTestEngine();
const recorder = await recordingStore(engine.endpoint);
try {
  const calls = new Map<string, StoreCall[]>();
  for (const { name, file } of real.functions) {
    await coldStarts([{ file, event: coldEvent(name) }], 1, settings());
    calls.set(name, recorder.take());
  }
  const empty = new Set(real.functions.map(one => bareFile(labelOf(sdkUse(one)))));
  const tasks = [
    ...real.functions.flatMap(one => [
      { file: one.file, event: coldEvent(one.name) },
      { file: bareFile(doubleOf(one)), event: { calls: calls.get(one.name) ?? [] } },
    ]),
    ...[...empty].map(file => ({ file, event: {} })),
  ];
  const starts = await coldStarts(tasks, RUNS, settings());
  const startOf = (file: string) => starts.get(file) ?? unmeasured(file);
  const rows = real.functions.map(one => {
    const own = startOf(one.file);
    const emptyCpuMs = startOf(bareFile(labelOf(sdkUse(one)))).cpuMs;
    const sameCallsCpuMs = startOf(bareFile(doubleOf(one))).cpuMs;
    const ratio = round(own.cpuMs / emptyCpuMs);
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
      emptyCpuMs,
      ratio,
      storeCalls: calls.get(one.name)?.length ?? 0,
      sameCallsCpuMs,
      ratioToSameCalls: round(own.cpuMs / sameCallsCpuMs),
      misses,
    };
  });
  printTable(
    [
      'function',
      'kB',
      'import',
      'with call',
      'empty',
      'ratio',
      'calls',
      'same calls',
      'ratio',
      'answer',
      'misses',
    ],
    rows.map(row => [
      row.name,
      round(row.bytes / 1000, 0),
      row.importMs,
      row.cpuMs,
      row.emptyCpuMs,
      row.ratio,
      row.storeCalls,
      row.sameCallsCpuMs,
      row.ratioToSameCalls,
      row.outcome,
      row.misses.join(' '),
    ]),
  );
  writeResult('coldStart', { runs: RUNS, budget: BUDGET, functions: rows });
} finally {
  recorder.close();
  await engine.stop();
  real.dispose();
  bare.dispose();
}

function unmeasured(file: string): never {
  throw new Error(`${file || 'A function'} was not measured.`);
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
    DYNAMODB_ENDPOINT: recorder.endpoint,
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
