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

/** The heavy ones whose every start needs the MCP client: the agents' endpoint loads it when a catalogue is too old. */
const MCP_CLIENTS = HEAVY.filter(name => !/^mcpGateway|^oauthConsent$|^removeAbandonedClients$/.test(name));

/** Bytes of JavaScript that a start loads: the budget, whatever a function does. */
const BUDGET = 1_200_000;
/** What the AWS SDK's clients and zod take, and some code of ours. More than one more client is more than that. */
const LIGHT = 390_000;
/** Functions that need more than that, or less than their kind. */
const OTHER: Record<string, number> = {
  archiveAuditEvents: 550_000,
  clientMetadata: 40_000,
  exportAuditEvents: 425_000,
  oauthConsent: 570_000,
  removeAbandonedClients: 880_000,
  sweepDeletedSpaces: 262_000,
};

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

  const limitOf = ({ name }: BuiltFunction) => OTHER[name] ?? (HEAVY.includes(name) ? BUDGET : LIGHT);

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

  it('functions that seldom or never ask a server for its tools has no MCP client', () => {
    const clients = built.functions.filter(({ sources }) =>
      sources.some(source => source.startsWith('@modelcontextprotocol/client/')),
    );
    expect(clients.map(({ name }) => name)).toEqual(MCP_CLIENTS);
  });
});
