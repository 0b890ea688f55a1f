import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Peers, startPeers } from '../support/console/peers.ts';
import { unable } from '../support/console/world.ts';

describe.skipIf(unable)('where whoever began a consent has to complete it', () => {
  let world: Peers;

  beforeAll(async () => {
    world = await startPeers({ REQUIRE_INITIATOR_CONFIRMATION: 'true' });
  });

  afterAll(async () => {
    await world?.close();
  });

  it('the console completes it when the browser is back', async () => {
    const { page, close } = await world.open('/servers/register');
    await page.getByLabel('Name').fill('confirmed');
    await page.getByLabel('Endpoint URL').fill(world.guarded.url);
    await page.getByLabel('Enable Dynamic Client Registration').check();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('button', { name: 'Check and continue to consent' }).click();
    const onward = page.getByRole('button', { name: /^Continue to/ });
    await onward.waitFor();
    expect((await world.client.listServices()).services).toEqual([]);
    await onward.click();
    await page.getByText('confirmed is registered.').waitFor();
    await page.getByRole('heading', { name: 'confirmed', level: 1 }).waitFor();
    expect(page.url()).not.toContain('confirmation');
    const { Events } = await world.client.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CompleteRegistration' }],
    });
    expect(Events).toHaveLength(1);
    await close();
  });
});
