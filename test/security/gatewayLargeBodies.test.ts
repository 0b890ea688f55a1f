import http from 'node:http';
import { expect, it } from 'vitest';
import { mintAccessToken, readAccessToken } from '../../lib/identity/accessTokenText.ts';
import { ACCOUNT } from '../support/app.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';

const world = startScriptedWorld();

/** The status of the answer to a request whose body is announced and never sent. */
function answered(authorization: string | undefined, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const given = { 'content-type': 'application/json', ...(authorization && { authorization }), ...headers };
    const request = http.request(world.app.url(world.space), { method: 'POST', headers: given });
    request.on('response', response => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    request.on('error', reject).flushHeaders();
  });
}

const LARGE = [{ 'content-length': String(3 * 1024 * 1024) }, { 'transfer-encoding': 'chunked' }];

it.each(LARGE)('of callers who are not known are not read (%j)', async headers => {
  const token = await world.app.token(world.space);
  const { tokenId = '' } = readAccessToken(token) ?? {};
  const unknown = [undefined, 'Bearer made-up', `Bearer ${mintAccessToken(ACCOUNT, tokenId).text}`];
  for (const authorization of unknown) {
    expect([authorization, await answered(authorization, headers)]).toEqual([authorization, 401]);
  }
});

it('of signatures by a key that is not there are bounded as those of the control plane', async () => {
  const [known = {}] = LARGE;
  const authorization = 'AWS4-HMAC-SHA256 Credential=SWBKNOBODY/20260101/us-east-1/execute-api/aws4_request';
  expect(await answered(authorization, known)).toBe(413);
});
