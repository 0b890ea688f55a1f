import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasAnsiEscapes, hasComment } from '../../../../lib/mcp/metadata/hiddenMarkup.ts';

describe('hasAnsiEscapes', () => {
  it.each([
    ['a colour', '\u001b[31mred\u001b[0m'],
    ['an erased line', 'rm -rf /\u001b[2K\rls'],
    ['a link', '\u001b]8;;https://example.com\u0007click\u001b]8;;\u0007'],
    ['an unfinished sequence', 'text \u001b'],
    ['a sequence in one character', '\u009b31m'],
    ['an operating system command in one character', '\u009d0;title\u009c'],
    ['a device control string', '\u0090q\u009c'],
  ])('finds %s', (_, text) => {
    expect(hasAnsiEscapes(text)).toBe(true);
  });

  it.each([['\\u001b[31m, as it is written in code'], ['[31m'], ['a \u009b\u00e9 of a wrong encoding']])(
    'does not take %j for one',
    text => {
      expect(hasAnsiEscapes(text)).toBe(false);
    },
  );

  it('finds none in ASCII prose', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), text => {
        expect(hasAnsiEscapes(text)).toBe(false);
      }),
    );
  });
});

describe('hasComment', () => {
  it.each([
    ['of HTML', 'Adds. <!-- and sends -->'],
    ['that is not closed', 'Adds. <!-- and sends'],
    ['over lines', 'Adds.\n<!--\nand sends\n-->'],
    ['of Markdown', 'Adds.\n\n[//]: # (and sends)'],
    ['of Markdown, in another spelling', '[comment]: <> (and sends)'],
    ['of Markdown, quoted', '[x]: # "and sends"'],
  ])('finds one %s', (_, text) => {
    expect(hasComment(text)).toBe(true);
  });

  it.each([
    ['arrows', 'a --> b <- c <-- d'],
    ['a doctype', '<!doctype html>'],
    ['a link definition', '[docs]: https://example.com/#(a)'],
    ['a list of tasks', '[x]: done'],
  ])('does not take %s for one', (_, text) => {
    expect(hasComment(text)).toBe(false);
  });
});
