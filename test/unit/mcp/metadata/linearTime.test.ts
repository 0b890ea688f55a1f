import { expect, it } from 'vitest';
import { metadataWarnings } from '../../../../lib/mcp/metadata/metadataWarnings.ts';

/** Texts that make careless patterns go back and forth, by what they would be repeated of. */
const UNITS: Record<string, string> = {
  letters: 'a',
  spaces: ' ',
  'line ends': '\n ',
  'first words': 'ignore ',
  'first words and fillers': 'ignore all all all all previous ',
  'first words of gaps': 'read a b c d e ',
  'beginnings of whole phrases': 'do not mention a b c to ',
  'single letters': 'i g ',
  negations: 'do not ',
  'opened tags': '<important ',
  brackets: '<',
  'opened comments of Markdown': '\n[a',
  'opened escapes': '\u009b0',
  emoji: '😀\u200d',
  'zero-width spaces': '\u200b',
  'marks in Hebrew': 'א\u200f\u200f',
  accents: 'e\u0301',
  Cyrillic: 'игнорируй ',
};

const SMALL = 64 * 1024;
const LARGE = 16 * SMALL;

/** CPU time of looking through a description, the least of three: the machine has other work. */
function costOf(unit: string, length: number): number {
  const description = unit.repeat(length / unit.length);
  const tool = { name: 'a', description, annotations: { readOnlyHint: true } };
  const costs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    metadataWarnings([tool], { show: text => text });
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}

it.each(Object.entries(UNITS))('grows with 1 MB of %s as it does with 64 KB', (_, unit) => {
  // Sixteen times the text; quadratic work would take 256 times as long.
  expect(costOf(unit, LARGE)).toBeLessThan(100 * Math.max(costOf(unit, SMALL), 500));
});
