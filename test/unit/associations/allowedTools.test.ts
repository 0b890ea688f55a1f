import { describe, expect, it } from 'vitest';
import { allowedTools } from '../../../lib/associations/allowedTools.ts';
import type { AssociationItem } from '../../../lib/associations/associationItem.ts';
import { fingerprint } from '../../../lib/mcp/fingerprint.ts';
import type { ToolDefinition } from '../../../lib/mcp/types.ts';
import { catalogueOf } from '../../../lib/services/catalogue.ts';

const tool = (name: string, readOnlyHint?: boolean): ToolDefinition => ({
  name,
  inputSchema: { type: 'object' },
  ...(readOnlyHint === undefined ? {} : { annotations: { readOnlyHint } }),
});

const PINNED = catalogueOf([tool('reads', true), tool('says_nothing'), tool('writes', false)], [], 0).tools;

type Configuration = NonNullable<AssociationItem['configuration']['mcpserver']>;

function classified(mcpserver: Configuration, withheld?: AssociationItem['withheld']) {
  const association = { configuration: { mcpserver }, ...(withheld && { withheld }) };
  const tools = allowedTools(association, PINNED);
  return Object.fromEntries(tools.map(({ name, classification }) => [name, classification]));
}

describe('without a classification', () => {
  it('a named tool only reads, unless the server says that it does not', () => {
    expect(classified({ tools: ['writes', 'says_nothing', 'reads'] })).toEqual({
      reads: 'READ_ONLY',
      says_nothing: 'READ_ONLY',
      writes: 'MUTATIVE',
    });
  });

  it('a tool that * let in changes things, unless the server says that it does not', () => {
    expect(classified({ tools: ['*'] })).toEqual({
      reads: 'READ_ONLY',
      says_nothing: 'MUTATIVE',
      writes: 'MUTATIVE',
    });
  });

  it('hints of a wrong type count for nothing', () => {
    const annotations = { readOnlyHint: 'true' as unknown as boolean };
    const pinned = catalogueOf([{ ...tool('odd'), annotations }], [], 0).tools;
    const configuration = { mcpserver: { tools: ['*'] } };
    expect(allowedTools({ configuration }, pinned)).toMatchObject([{ classification: 'MUTATIVE' }]);
  });
});

describe('a classification', () => {
  it('wins over what the server says, under * too', () => {
    const toolDetails = [
      { name: 'reads', toolClassification: 'MUTATIVE' as const },
      { name: 'writes', toolClassification: 'READ_ONLY' as const },
      { name: 'says_nothing' },
    ];
    const expected = { reads: 'MUTATIVE', writes: 'READ_ONLY' };
    expect(classified({ tools: ['*'], toolDetails })).toEqual({ ...expected, says_nothing: 'MUTATIVE' });
    const tools = ['reads', 'says_nothing', 'writes'];
    expect(classified({ tools, toolDetails })).toEqual({ ...expected, says_nothing: 'READ_ONLY' });
  });

  it('as DESTRUCTIVE keeps a tool from agents', () => {
    const toolDetails = [{ name: 'writes', toolClassification: 'DESTRUCTIVE' as const }];
    expect(Object.keys(classified({ tools: ['*'], toolDetails }))).toEqual(['reads', 'says_nothing']);
    expect(classified({ tools: ['writes'], toolDetails })).toEqual({});
  });
});

it('leaves out what is withheld, whatever the reason, and what is pinned but no longer allowed', () => {
  for (const reason of ['CHANGED', 'REMOVED'] as const) {
    expect(Object.keys(classified({ tools: ['*'] }, [{ name: 'reads', reason }]))).toEqual([
      'says_nothing',
      'writes',
    ]);
  }
  expect(classified({ tools: ['reads'] })).toEqual({ reads: 'READ_ONLY' });
  expect(classified({ tools: [] })).toEqual({});
});

it('gives the definition and fingerprint that were confirmed', () => {
  const configuration = { mcpserversigv4: { tools: ['reads'] } };
  const definition = tool('reads', true);
  expect(allowedTools({ configuration }, PINNED)).toEqual([
    { name: 'reads', classification: 'READ_ONLY', definition, fingerprint: fingerprint(definition) },
  ]);
});
