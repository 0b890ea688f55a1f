import { describe, expect, it } from 'vitest';
import { type AwsCredentials, keptCredentials } from '../../../lib/sigv4/awsCredentials.ts';

const MINUTE = 60_000;

/** Credentials that are numbered as they are obtained. */
function numbered(lifetimeMs?: number) {
  const clock = { at: 1_000_000 };
  const asked: boolean[] = [];
  const obtain = async (afresh: boolean): Promise<AwsCredentials> => {
    asked.push(afresh);
    const base = { accessKeyId: `key-${asked.length}`, secretAccessKey: 's' };
    return lifetimeMs === undefined ? base : { ...base, expiration: new Date(clock.at + lifetimeMs) };
  };
  return { clock, asked, source: keptCredentials(obtain, () => clock.at) };
}

async function id(source: { get(): Promise<AwsCredentials> }) {
  return (await source.get()).accessKeyId;
}

describe('kept credentials', () => {
  it('are asked for once, however many wait', async () => {
    const { source, asked } = numbered(60 * MINUTE);
    await Promise.all(Array.from({ length: 50 }, () => source.get()));
    expect(asked).toHaveLength(1);
  });

  it('are kept until 5 minutes before they expire', async () => {
    const { source, clock } = numbered(60 * MINUTE);
    expect(await id(source)).toBe('key-1');
    clock.at += 55 * MINUTE - 1;
    expect(await id(source)).toBe('key-1');
    clock.at += 1;
    expect(await id(source)).toBe('key-2');
  });

  it('are asked for again after a failure', async () => {
    let attempts = 0;
    const source = keptCredentials(async () => {
      if (++attempts === 1) throw new Error('down');
      return { accessKeyId: 'key', secretAccessKey: 's' };
    }, Date.now);
    await expect(source.get()).rejects.toThrow('down');
    expect(await id(source)).toBe('key');
  });

  it('that do not expire are never renewed', async () => {
    const { source, clock } = numbered();
    await source.get();
    clock.at += 60 * MINUTE;
    expect(source.renew()).toBe(false);
    expect(await id(source)).toBe('key-1');
  });

  it('that are new are not renewed: a server that refuses them would refuse the next', async () => {
    const { source, clock } = numbered(60 * MINUTE);
    await source.get();
    clock.at += 5 * MINUTE - 1;
    expect(source.renew()).toBe(false);
    expect(await id(source)).toBe('key-1');
  });

  it('are renewed once for all requests that were refused together', async () => {
    const { source, clock, asked } = numbered(60 * MINUTE);
    await source.get();
    clock.at += 5 * MINUTE;
    const first = source.renew();
    expect(await id(source)).toBe('key-2');
    clock.at += 1_000;
    expect([first, source.renew()]).toEqual([true, true]);
    expect(await id(source)).toBe('key-2');
    expect(asked).toEqual([false, true]);
    clock.at += MINUTE;
    expect(source.renew()).toBe(false);
  });
});
