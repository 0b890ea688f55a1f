import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothModes } from '../support/console/axe.ts';
import { type ConsoleWorld, startConsole, unable } from '../support/console/world.ts';

describe.skipIf(unable)('the console', () => {
  let world: ConsoleWorld;

  beforeAll(async () => {
    world = await startConsole();
  });

  afterAll(async () => {
    await world?.close();
  });

  /** Goes on with Tab until the element with this text has the focus. */
  async function tabTo(page: Page, text: string): Promise<void> {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === text) return;
    }
    throw new Error(`Tab does not lead to ${text}`);
  }

  it('is used with the keyboard alone', async () => {
    const { page, close } = await world.open('/servers');
    await page.getByText('No MCP servers').waitFor();
    await tabTo(page, 'Agent spaces');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Agent spaces/, level: 1 }).waitFor();
    await tabTo(page, 'Create agent space');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    // The first field has the focus, which never leaves for the page beneath.
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main, #top') ?? null)).toBeNull();
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await tabTo(page, 'Create agent space');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By keyboard', level: 1 }).waitFor();
    await close();
  });

  it('tells what it waits for, what failed, and tries again', async () => {
    const { page, shoot, close } = await world.open('/audit');
    let answer: 'wait' | 'fail' | 'pass' = 'wait';
    let goOn = () => {};
    const waiting = new Promise<void>(resolve => {
      goOn = resolve;
    });
    await page.route('**/v1/services/list**', async route => {
      if (answer === 'wait') await waiting;
      if (answer === 'pass') return route.continue();
      const body = JSON.stringify({ message: 'Somebody pulled the plug.' });
      const headers = { 'x-amzn-errortype': 'InternalServerException', 'x-amzn-requestid': 'request-1' };
      return route.fulfill({ status: 400, headers, contentType: 'application/json', body });
    });
    await page.getByRole('link', { name: 'MCP servers' }).click();
    await page.getByText('Loading').first().waitFor();
    answer = 'fail';
    goOn();
    await page.getByText('Somebody pulled the plug.').waitFor();
    await page.getByText('Request ID: request-1').waitFor();
    await shoot('error');
    expect(await violationsInBothModes(page)).toEqual([]);
    answer = 'pass';
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No MCP servers').waitFor();
    await close();
  });

  it('is dark or light as the system is, or as somebody chose', async () => {
    const { page, close } = await world.open('/servers', { colorScheme: 'dark' });
    const isDark = () => page.evaluate(() => document.body.classList.contains('awsui-dark-mode'));
    expect(await isDark()).toBe(true);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(isDark).toBe(false);
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
    await expect.poll(isDark).toBe(true);
    await page.reload();
    await expect.poll(isDark).toBe(true);
    await close();
  });
});
