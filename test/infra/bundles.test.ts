import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFunction, buildFunctions, functionSources } from '../../bench/support/privateBuild.ts';

/** Functions that neither ask a server nor use a credential, one of each kind. */
const LIGHT = ['clientMetadata', 'createAgentSpace', 'getService', 'lookupEvents', 'sweepDeletedSpaces'];
/** The largest of those that do. */
const HEAVY = ['mcpGateway', 'updateService'];

let built: Awaited<ReturnType<typeof buildFunctions>>;
beforeAll(async () => {
  const wanted = [...functionSources()].filter(([name]) => [...LIGHT, ...HEAVY].includes(name));
  built = await buildFunctions(new Map(wanted));
});
afterAll(() => built?.dispose());

const find = (name: string) => built.functions.find(one => one.name === name) as BuiltFunction;

describe('what a cold start loads', () => {
  it.each(LIGHT)('is nothing of MCP, encryption or egress for %s', name => {
    const heavy =
      /^(undici|@modelcontextprotocol|@aws-crypto\/(encrypt|decrypt|kms)|@aws-sdk\/client-(kms|sts))/;
    expect(find(name).sources.filter(source => heavy.test(source))).toEqual([]);
    expect(find(name).bytes).toBeLessThan(450_000);
  });

  it.each([...LIGHT, ...HEAVY])('has no credential provider that Lambda never asks in %s', name => {
    const providers = /^@aws-sdk\/(credential-provider-(sso|ini|process|login|web-identity)|nested-clients)/;
    expect(find(name).sources.filter(source => providers.test(source))).toEqual([]);
  });

  it.each(HEAVY)('is bounded for %s, and has of undici what is used', name => {
    expect(find(name).bytes).toBeLessThan(2_100_000);
    expect(find(name).sources.some(source => /^undici\/lib\/mock\//.test(source))).toBe(false);
  });
});
