import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFunctions } from '../../bench/support/privateBuild.ts';
import { sharedTestCa } from '../support/certificates.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { startModern } from '../support/mcp/modern.ts';

/** Works with every package that a bundle holds only in part. */
const SOURCE = `
import { createKeyFileVault } from '../lib/credentials/keyFileVault.ts';
import { createEgress } from '../lib/egress/egress.ts';
import { createMethods } from '../lib/gateway/mcpMethods.ts';
import { staticAuthorizer } from '../lib/mcp/authorizer.ts';
import { listServerTools } from '../lib/mcp/fetchCatalogue.ts';

export async function handler({ endpoints, caPem, material }) {
  const vault = createKeyFileVault({ keys: [{ id: 'aaaaaaaaaaaaaaaa', material: Buffer.from(material, 'hex') }] });
  const place = { accountId: '000000000000', serviceId: 'mcpserver-1', purpose: 'credential' };
  const secret = await vault.decrypt(await vault.encrypt('kept', place), place);
  const egress = createEgress({
    allowedPrivateCidrs: ['127.0.0.0/8'], allowInsecureHttp: false, extraCaPem: caPem, ownHosts: [],
  });
  const authorizer = staticAuthorizer({});
  const catalogues = [];
  for (const endpoint of endpoints) {
    catalogues.push(await listServerTools({ accountId: '000000000000', endpoint, egress, authorizer }));
  }
  const serve = createMethods(error => { throw error; });
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const request = new Request('https://switchboard.example/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(message),
  });
  const answer = await serve(request, message, { listTools: async () => ({ tools: catalogues[0].tools }) });
  const served = await answer.text();
  await egress.close();
  return { secret, tools: catalogues.map(({ tools }) => tools.length), served };
}
`;

describe('a bundle', () => {
  let built: Awaited<ReturnType<typeof buildFunctions>>;
  beforeAll(async () => {
    built = await buildFunctions(new Map([['leftOut', SOURCE]]));
  }, 60_000);
  afterAll(() => built.dispose());

  it('does not miss what it leaves out of packages', async () => {
    const modern = await startModern();
    const legacy = await startLegacy();
    try {
      const { caPem } = await sharedTestCa();
      const material = randomBytes(32).toString('hex');
      const event = { endpoints: [modern.url, legacy.url], caPem, material };
      const [file] = built.functions.map(one => one.file);
      const script = `import { handler } from '${file}'; console.log(JSON.stringify(await handler(${JSON.stringify(event)})));`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
      const { secret, tools, served } = JSON.parse(stdout);
      expect({ secret, tools }).toEqual({ secret: 'kept', tools: [3, 3] });
      expect(served).toContain('"write_note"');
    } finally {
      await Promise.all([modern.close(), legacy.close()]);
    }
  });

  it('leaves out what nothing of it uses', () => {
    const [sources] = built.functions.map(one => one.sources.join('\n'));
    expect(sources).not.toMatch(/ajv|asn1\.js\/|undici\/lib\/milo\/|parser-h1/);
  });
});
