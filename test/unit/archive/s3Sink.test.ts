import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { s3Sink } from '../../../lib/archive/s3Sink.ts';
import type { ArchiveSink } from '../../../lib/archive/sink.ts';
import { type S3Server, startS3 } from '../../support/aws/s3Server.ts';

let s3: S3Server;
let sink: ArchiveSink;

beforeAll(async () => {
  s3 = await startS3('archive');
  sink = s3Sink(s3.client, 'archive');
});
afterAll(() => s3.close());
beforeEach(() => {
  s3.files.clear();
  s3.requests.length = 0;
  s3.faults.length = 0;
});

describe('an archive in S3', () => {
  it('writes a file once, whatever comes after', async () => {
    expect(await sink.create('AWSLogs/a b/1.json.gz', Buffer.from('one'))).toBe(true);
    expect(await sink.create('AWSLogs/a b/1.json.gz', Buffer.from('two'))).toBe(false);
    expect(Buffer.from((await sink.read('AWSLogs/a b/1.json.gz')) ?? '').toString()).toBe('one');
    expect(s3.requests[0]?.headers).toMatchObject({
      'if-none-match': '*',
      'content-type': 'application/gzip',
    });
    expect(s3.requests[0]?.headers).not.toHaveProperty('content-encoding');
  });

  it('of many that write one file lets one', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, (_, n) => sink.create('k', Buffer.of(n))));
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  it('takes a write whose answer was lost for one that is there', async () => {
    s3.faults.push('lost');
    expect(await sink.create('k', Buffer.from('one'))).toBe(false);
    expect(Buffer.from((await sink.read('k')) ?? '').toString()).toBe('one');
  });

  it('tries again where another write is under way, and gives up in the end', async () => {
    const conflict = { code: 'ConditionalRequestConflict', status: 409 };
    s3.faults.push(conflict, conflict);
    expect(await sink.create('k', Buffer.from('one'))).toBe(true);
    s3.faults.push(...Array.from({ length: 4 }, () => conflict));
    await expect(sink.create('l', Buffer.from('one'))).rejects.toThrow('ConditionalRequestConflict');
    expect(s3.files.has('l')).toBe(false);
  });

  it('tells what is not there from what it may not read', async () => {
    expect(await sink.read('none')).toBeUndefined();
    s3.faults.push({ code: 'AccessDenied', status: 403 });
    await expect(sink.read('none')).rejects.toThrow('AccessDenied');
    s3.faults.push({ code: 'AccessDenied', status: 403 });
    await expect(sink.create('k', Buffer.of(1))).rejects.toThrow('AccessDenied');
  });

  it('lists a folder, all pages, and no other', async () => {
    for (const name of ['d/3', 'd/1', 'd/5', 'd/2', 'd/4', 'd/e/1', 'dd/1']) s3.files.set(name, Buffer.of(1));
    expect(await sink.list('d/')).toEqual(['d/1', 'd/2', 'd/3', 'd/4', 'd/5']);
    expect(await sink.list('none/')).toEqual([]);
  });
});
