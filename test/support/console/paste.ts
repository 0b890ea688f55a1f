import type { Locator } from 'playwright-core';

/** Pastes a text into a field as a browser does, new lines included. */
export async function paste(field: Locator, text: string): Promise<void> {
  await field.evaluate((input, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', data);
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
