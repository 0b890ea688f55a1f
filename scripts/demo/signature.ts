import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { headerPairs, splitTarget } from '../../local/http/rawRequest.ts';
import { refusalOf } from '../../test/support/sigv4/verifySigned.ts';

/** AWS credentials that only the demo knows; Switchboard finds them in its environment as any AWS SDK does. */
export const AWS_KEY = { accessKeyId: 'DEMOAWSKEY', secretAccessKey: 'demo-aws-secret-5d2e' };

export const SIGNED_FOR = { region: 'us-east-1', service: 'execute-api' };

/** The body of a request that is well signed; `undefined` for any other. */
export async function signedBody(request: IncomingMessage): Promise<string | undefined> {
  const body = await buffer(request);
  const { accessKeyId, secretAccessKey } = AWS_KEY;
  const raw = {
    method: request.method ?? '',
    ...splitTarget(request.url ?? ''),
    headers: headerPairs(request.rawHeaders),
    body,
  };
  const keys = new Map([[accessKeyId, { secretAccessKey }]]);
  const refusal = await refusalOf(raw, { ...SIGNED_FOR, keys });
  return refusal === undefined ? body.toString('utf8') : undefined;
}
