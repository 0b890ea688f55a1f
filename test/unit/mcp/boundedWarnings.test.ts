import { expect, it } from 'vitest';
import { boundedWarnings } from '../../../lib/mcp/boundedWarnings.ts';
import { MAX_WARNINGS } from '../../../lib/mcp/limits.ts';
import type { ValidationWarning } from '../../../lib/mcp/types.ts';
import type { WarningCode } from '../../../lib/mcp/warningCodes.ts';

const warning = (code: WarningCode, message = ''): ValidationWarning => ({ code, message });

it('puts what may be an attack before faults, and hints last', () => {
  const grave: WarningCode[] = [
    'TOOL_ECHOES_CREDENTIAL',
    'TOOL_INVISIBLE_CHARACTERS',
    'TOOL_ANSI_ESCAPES',
    'TOOL_HTML_COMMENT',
    'TOOL_ADDRESSES_MODEL',
    'TOOL_NAME_IMITATES',
  ];
  const others: WarningCode[] = ['TOOL_MALFORMED', 'TOOL_NAME_TOO_LONG', 'TOOL_READ_ONLY_HINT_MISSING'];
  const sorted = boundedWarnings([...others, ...grave].toReversed().map(code => warning(code)));
  expect(sorted.map(({ code }) => code)).toEqual([...grave, ...others]);
});

it('keeps the order of those of one kind', () => {
  const given = ['a', 'b', 'c'].map(message => warning('TOOL_MALFORMED', message));
  expect(boundedWarnings([...given, warning('TOOL_ANSI_ESCAPES')]).slice(1)).toEqual(given);
});

it('cuts the least grave, and counts them', () => {
  const many = Array.from({ length: MAX_WARNINGS }, () => warning('TOOL_NAME_TOO_LONG'));
  const cut = boundedWarnings([
    ...many,
    warning('TOOL_READ_ONLY_HINT_MISSING'),
    warning('TOOL_ADDRESSES_MODEL'),
  ]);
  expect(cut).toHaveLength(MAX_WARNINGS + 1);
  expect(cut[0]?.code).toBe('TOOL_ADDRESSES_MODEL');
  expect(cut.at(-1)).toEqual({ code: 'WARNINGS_OMITTED', message: '2 more warnings are not shown.' });
  expect(boundedWarnings(many)).toEqual(many);
});
