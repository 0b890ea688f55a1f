import { describe, expect, it } from 'vitest';
import { knownScheme } from '../../../lib/mcp/authScheme.ts';
import { McpError } from '../../../lib/mcp/mcpError.ts';
import { REMEDY_OF_CODE } from '../../../lib/mcp/remedies.ts';
import { STEP_OF_CODE, VALIDATION_STEPS } from '../../../lib/mcp/stepCodes.ts';
import { nameWarnings } from '../../../lib/mcp/toolNames.ts';
import type { ValidationCode } from '../../../lib/mcp/types.ts';

describe('the codes', () => {
  it('cover every step, and each has a remedy', () => {
    expect(new Set(Object.values(STEP_OF_CODE))).toEqual(new Set(VALIDATION_STEPS));
    for (const code of Object.keys(STEP_OF_CODE))
      expect(REMEDY_OF_CODE[code as ValidationCode]).toMatch(/^[A-Z].*\.$/);
  });

  it('give an error its step', () => {
    expect(new McpError('TLS_FAILED', 'No.')).toMatchObject({ step: 'tls', message: 'No.' });
  });
});

describe('knownScheme', () => {
  it.each([
    ['Bearer realm="x"', 'Bearer'],
    ['bearer', 'Bearer'],
    [' Basic realm="a", Bearer', 'Basic'],
    ['AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256'],
    ['canary-secret', undefined],
    ['', undefined],
    [null, undefined],
  ])('of %o is %o', (challenge, scheme) => {
    expect(knownScheme(challenge)).toBe(scheme);
  });
});

describe('nameWarnings', () => {
  const tool = (name: string) => ({ name });
  const codes = (names: string[], server?: string) =>
    nameWarnings(names.map(tool), server, name => name).map(({ code, toolName }) => [code, toolName]);

  it('counts the name of the server and the underscore', () => {
    expect(codes(['a'.repeat(60)], 'abc')).toEqual([]);
    expect(codes(['a'.repeat(61)], 'abc')).toEqual([['TOOL_NAME_TOO_LONG', 'a'.repeat(61)]]);
    expect(codes(['a'.repeat(128)])).toEqual([]);
  });

  it('tells names that the API refuses', () => {
    const bad = ['a.b', 'a b', 'ä', 'a'.repeat(129), 'a\n'];
    expect(codes([...bad, 'A-z_0'])).toEqual(bad.map(name => ['TOOL_NAME_UNSUPPORTED', name]));
  });
});
