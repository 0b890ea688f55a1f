import { afterEach, describe, expect, it } from 'vitest';
import { createEgress } from '../../lib/egress/egress.ts';
import { asks, closeAll, door, egressFailure, type Lookup, serve } from '../unit/egress/doors.ts';

afterEach(closeAll);

/** Host spellings that reach 127.0.0.1 when nobody looks. */
const loopbackSpellings = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.1.',
  '127.0.1',
  '2130706433',
  '2130706433.',
  '0x7f000001',
  '0X7F000001',
  '0x7F.0x0.0x0.0x1',
  '0x7f.1',
  '0x7f.0.1',
  '0x7f.0x000001',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '0177.1',
  '00000177.0.0.1',
  '0177.0x0.0.1',
  '127.0x1',
  '127.0.0x1',
  '0x00000000007f.1',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  '%30x7f.1',
  '①②⑦.⓪.⓪.①',
  '①②⑦.1',
  '１２７.０.０.１',
  '１２７．０．０．１',
  '127。0。0。1',
  '127｡0｡0｡1',
  '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  '𝟙𝟚𝟟.𝟘.𝟘.𝟙',
  '𝟣𝟤𝟩.𝟢.𝟢.𝟣',
  '𝟭𝟮𝟳.𝟬.𝟬.𝟭',
  '𝟷𝟸𝟽.𝟶.𝟶.𝟷',
  '¹²⁷.⁰.⁰.¹',
  '₁₂₇.₀.₀.₁',
  '０ｘ７ｆ.1',
  '②①③⓪⑦⓪⑥④③③',
  '127\u00ad.0.0.1',
  '127.0.\u200b0.1',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[0000:0000:0000:0000:0000:FFFF:7F00:0001]',
];

/** More hosts that must never be reached. */
const refusedSpellings = [
  '127.255.255.255',
  '127.0.0.2',
  '0.0.0.0',
  '0',
  '0x0',
  '00',
  '0.1',
  '0.0.0.0.',
  '10.0.0.1',
  '10.1',
  '0xa.1',
  '012.0.0.1',
  '167772161',
  '10.255.255.255.',
  '①⓪.0.0.1',
  '100.64.0.1',
  '0x64.0x40.0.1',
  '100.127.255.254',
  '100.100.100.200',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0xA9.0xFE.0xA9.0xFE',
  '0251.0376.0251.0376',
  '025177524776',
  '169.254.43518',
  '169.16689662',
  '169.254.169.254.',
  '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
  '169.254.170.2',
  '168.63.129.16',
  '172.16.0.1',
  '172.31.255.255',
  '172.1048577',
  '192.168.0.1',
  '192.168.1',
  '0xc0a80001',
  '3232235521',
  '0300.0250.0.1',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
  '0xffffffff',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::0.0.0.1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::8.8.8.8]',
  '[::a9fe:a9fe]',
  '[::ffff:10.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:169.254.169.254]',
  '[::ffff:0:127.0.0.1]',
  '[::ffff:0:8.8.8.8]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b::192.168.1.1]',
  '[0064:ff9b:0:0:0:0:10.0.0.1]',
  '[64:ff9b:1::10.0.0.1]',
  '[64:ff9b:1::8.8.8.8]',
  '[64:ff9b:1:a9fe:a9:fe00::]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2002:808:808::1]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  '[2001::1]',
  '[2001:db8::1]',
  '[2001:2::1]',
  '[2001:10::1]',
  '[2001:20::1]',
  '[3fff::1]',
  '[100::1]',
  '[5f00::1]',
  '[4000::1]',
  '[fc00::1]',
  '[fd00::1]',
  '[fd00:ec2::254]',
  '[FD00:0EC2:0:0:0:0:0:254]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[ff0e::1]',
  '[::ffff:100.64.0.1]',
  '[::ffff:0.0.0.0]',
  '[::ffff:224.0.0.1]',
];

/** Forms that are no URL to begin with, or carry what a URL here must not. */
const refusedForms = [
  'https://user@127.0.0.1/',
  'https://8.8.8.8@127.0.0.1/',
  'https://example.com:443@127.0.0.1/',
  'https://example.com%40@127.0.0.1/',
  'https://:@127.0.0.1/',
  'https://@127.0.0.1/',
  'https://example.com\\@127.0.0.1/',
  'https://127.0.0.1\\@example.com/',
  'https://127.0.0.1#@example.com/',
  'https://127.0.0.1\t/',
  'https://127.0.\n0.1/',
  'https://[fe80::1%25lo]/',
  'https://[fe80::1%lo]/',
  'https://[::1%25]/',
  'https://[::1/',
  'https://127.0.0.1.1/',
  'https://0x7f.0.0.0x100/',
  'https://127.0.0.256/',
  'https://4294967296/',
  'https://08.0.0.1/',
  'https://127.0.0.1:0x1bb/',
  'https://[::ffff:0x7f.1]/',
  'https://[::ffff:127.1]/',
  'file://127.0.0.1/etc/passwd',
  'gopher://127.0.0.1/',
  'ftp://127.0.0.1/',
];

const publicOnly = { allowedPrivateCidrs: [], withoutCa: true };

/** Tells whether a name was looked up: a literal never is. */
function watching(): { lookup: Lookup; asked: string[] } {
  const asked: string[] = [];
  const lookup: Lookup = async name => {
    asked.push(name);
    return [{ address: '127.0.0.1', family: 4 }];
  };
  return { lookup, asked };
}

describe('addresses, in every spelling', () => {
  it('are more than 120', () => {
    const all = [...loopbackSpellings, ...refusedSpellings, ...refusedForms];
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(120);
  });

  it.each([...loopbackSpellings, ...refusedSpellings])(
    '%s is refused before anything is sent',
    async host => {
      const { lookup, asked } = watching();
      const send = (await door({ ...publicOnly, lookup })).fetchFor(asks());
      const failure = await egressFailure(send(`https://${host}:65000/mcp`));
      expect(failure).toMatchObject({ code: 'ADDRESS_REFUSED', phase: 'resolve' });
      expect(asked).toEqual([]);
    },
  );

  it.each(refusedForms)('%j is refused for its form', async url => {
    const { lookup, asked } = watching();
    const send = (await door({ ...publicOnly, lookup })).fetchFor(asks());
    expect(await egressFailure(send(url))).toMatchObject({ code: 'URL_INVALID', phase: 'url' });
    expect(asked).toEqual([]);
  });

  it('of loopback would have reached it: each does when loopback is opened', async () => {
    const peer = await serve((_request, response) => response.end('reached'));
    const send = (await door()).fetchFor(asks());
    for (const host of loopbackSpellings.filter(spelling => !spelling.startsWith('['))) {
      const response = await send(`https://${host}:${peer.port}/`);
      expect(await response.text(), host).toBe('reached');
    }
    expect(peer.requests).toHaveLength(
      loopbackSpellings.filter(spelling => !spelling.startsWith('[')).length,
    );
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    'fd00:ec2::254',
    'fe80::1%lo',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '0.0.0.0',
    '127.1',
    'localhost',
    '',
  ])('a name that resolves to %j is refused, without telling the address', async address => {
    const lookup: Lookup = async () => [{ address, family: 4 }];
    const send = (await door({ ...publicOnly, lookup })).fetchFor(asks());
    const failure = await egressFailure(send('https://internal.test/'));
    expect(failure).toMatchObject({ code: 'ADDRESS_REFUSED', phase: 'resolve' });
    expect(failure.message).toContain('internal.test');
    if (address) expect(failure.message).not.toContain(address);
  });

  it('localhost is refused through the real resolver', async () => {
    const egress = createEgress({ allowedPrivateCidrs: [], allowInsecureHttp: false, ownHosts: [] });
    for (const host of ['localhost', 'localhost.', 'LOCALHOST', 'ｌocalhost']) {
      const failure = await egressFailure(egress.fetchFor(asks())(`https://${host}/`));
      expect(failure).toMatchObject({ code: 'ADDRESS_REFUSED' });
    }
    await egress.close();
  });
});
