import { timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { ApiError } from '../../../lib/api/errors.ts';
import { queryPairs, type RawRequest, soleValue } from '../../../local/http/rawRequest.ts';
import { parseAuthorization } from '../../../local/identity/authorizationHeader.ts';
import { canonicalHash, canonicalParts, canonicalPaths } from '../../../local/identity/canonicalRequest.ts';
import { checkSkew, signingTime } from '../../../local/identity/signingTime.ts';

export interface SigningKey {
  secretAccessKey: string;
  sessionToken?: string;
}

/** Which signatures are good. */
export interface SigningRules {
  region: string;
  service: string;
  /** By access key id; read at each request, so that keys can come and go. */
  keys: Map<string, SigningKey>;
  /** Headers that must be signed, beside host and every x-amz-*. */
  mustSign?: readonly string[];
  /** Epoch milliseconds; the system's clock when left out. */
  now?: () => number;
}

/** Why a request's SigV4 signature is not good; undefined when it is. Only paths encoded twice pass, as on AWS. */
export async function refusalOf(request: RawRequest, rules: SigningRules): Promise<string | undefined> {
  try {
    return await check(request, rules);
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

async function check(request: RawRequest, rules: SigningRules): Promise<string | undefined> {
  const header = soleValue(request.headers, 'authorization');
  if (!header) return 'not signed';
  const claim = parseAuthorization(header);
  const time = signingTime(soleValue(request.headers, 'x-amz-date'), undefined);
  checkSkew(time, (rules.now ?? Date.now)());
  if (claim.region !== rules.region) return 'wrong region';
  if (claim.service !== rules.service) return 'wrong service';
  const present = request.headers.map(([name]) => name.toLowerCase());
  const required = ['host', ...(rules.mustSign ?? []), ...present.filter(name => name.startsWith('x-amz-'))];
  const unsigned = required.filter(name => !claim.signedHeaders.includes(name));
  if (unsigned.length > 0) return `unsigned: ${unsigned.join(', ')}`;
  const key = rules.keys.get(claim.accessKeyId);
  if (!key) return 'unknown key';
  if (soleValue(request.headers, 'x-amz-security-token') !== key.sessionToken) return 'wrong session token';

  const parts = canonicalParts(request, queryPairs(request.rawQuery), claim.signedHeaders);
  const hash = soleValue(request.headers, 'x-amz-content-sha256');
  if (hash !== undefined && hash !== parts.payloadHash) return 'wrong body hash';
  const [, path] = canonicalPaths(request.rawPath);
  const scope = `${claim.scopeDate}/${claim.region}/${claim.service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time.text, scope, canonicalHash(parts, path)].join('\n');
  const { region, service } = rules;
  const credentials = { accessKeyId: claim.accessKeyId, secretAccessKey: key.secretAccessKey };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const expected = await signer.sign(text, { signingDate: time.at });
  const same = timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(claim.signature, 'hex'));
  return same ? undefined : 'wrong signature';
}
