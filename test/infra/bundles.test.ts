import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFunction, buildFunctions, functionSources } from '../../bench/support/privateBuild.ts';

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
const LIGHT_BYTES = 560_000;
const HEAVY_BYTES = 1_700_000;
const GATEWAY_BYTES = 2_060_000;

const CODE = /^@aws-crypto\/.*-node\/|^@modelcontextprotocol\/|^undici\//;

describe('the bundle of', () => {
  let built: Awaited<ReturnType<typeof buildFunctions>>;
  beforeAll(async () => {
    built = await buildFunctions(functionSources());
  }, 60_000);
  afterAll(() => built.dispose());

  const limitOf = ({ name }: BuiltFunction) => {
    if (name.startsWith('mcpGateway')) return GATEWAY_BYTES;
    return HEAVY.includes(name) ? HEAVY_BYTES : LIGHT_BYTES;
  };

  it('every function keeps to its bytes', () => {
    const over = built.functions.filter(one => one.bytes > limitOf(one));
    expect(over.map(({ name, bytes }) => [name, bytes])).toEqual([]);
  });

  it('functions without encryption or MCP has neither, and no HTTP client', () => {
    const heavy = built.functions.filter(({ sources }) => sources.some(source => CODE.test(source)));
    expect(heavy.map(({ name }) => name)).toEqual(HEAVY);
  });
});
