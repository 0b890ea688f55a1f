import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What axe finds wrong with a page in light and in dark (it follows what the system prefers): rule and element, one line
 * each; none when all is well. Of the rules, that of contrast alone depends on colors.
 */
export async function violationsInBothModes(page: Page): Promise<string[]> {
  const dark = await violations(page, 'dark', axe => axe.withRules('color-contrast'));
  return [...(await violations(page, 'light', axe => axe)), ...dark];
}

async function violations(
  page: Page,
  colorScheme: 'light' | 'dark',
  narrow: (axe: AxeBuilder) => AxeBuilder,
): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // Without a page of its own for the results: there are no frames to put together.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const found = await narrow(axe).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${colorScheme} ${id}: ${html.slice(0, 300)}`),
  );
}
