import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFunction, buildFunctions, functionSources } from '../../bench/support/privateBuild.ts';
import { functionName } from '../../lib/api/operation.ts';
import { operationList } from '../../lib/api/operations.ts';

/** Functions that read or write credentials, or talk with servers. All others are to hold none of the code for it. */
const HEAVY = [
  'associateService',
  'checkServiceHealth',
  'completeRegistration',
  'mcpGateway',
  'mcpGatewaySigned',
  'oauthCallback',
  'oauthConsent',
  'registerService',
  'removeAbandonedClients',
  'updateAssociation',
  'updateService',
  'validateRegistration',
  'validateService',
];

/** Bytes. The heavy ones are above the 1.2 MB that they shall have in the end: this keeps them from growing. */
const LIGHT_BYTES = 5180_000;
const HEAVY_BYTES = 1_700_000;
const GATEWAY_BYTES = 2_0180_000;

const CODE = /^@aws-crypto\/.*-node\/|^@modelcontextprotocol\/|^undici\//;

/** A row of the operation table, or the table that imports them all. */
const ROW_OR_TABLE = /\blib\/api\/operations(?:\/(\w+))?\.ts$/;

/** Whoever ends a consent records the operation that began it. */
const IN_THE_NAME_OF: Record<string, string[]> = {
  completeRegistration: ['registerService', 'updateService'],
};

describe('the bundle of', () => {
  let built: Awaited<ReturnType<typeof buildFunctions>>;
  beforeAll(async () => {
    built = await buildFunctions(functionSources());
  }, 180_000);
  afterAll(() => built.dispose());

  const limitOf = ({ name }: BuiltFunction) => {
    if (name.startsWith('mcpGateway')) return GATEWAY_BYTES;
    return HEAVY.includes(name) ? HEAVY_BYTES : LIGHT_BYTES;
  };

  it('every function keeps to its bytes', () => {
    const over = built.functions.filter(one => one.bytes > limitOf(one));
    expect(over.map(({ name, bytes }) => [name, bytes])).toEqual([]);
  });

  it('an operation makes its own schemas alone', () => {
    const rows = ({ sources }: BuiltFunction) =>
      sources.flatMap(source => {
        const found = ROW_OR_TABLE.exec(source);
        return found ? [found[1] ?? 'the whole table'] : [];
      });
    const calls = built.functions.filter(({ name }) => operationList.some(one => functionName(one) === name));
    expect(calls).toHaveLength(operationList.length);
    for (const one of calls) {
      expect(rows(one).sort()).toEqual([one.name, ...(IN_THE_NAME_OF[one.name] ?? [])]);
    }
  });

  it('functions without encryption or MCP has neither, and no HTTP client', () => {
    const heavy = built.functions.filter(({ sources }) => sources.some(source => CODE.test(source)));
    expect(heavy.map(({ name }) => name)).toEqual(HEAVY);
  });
});
