import { timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { fail } from '../../lib/api/errors.ts';
import { queryPairs, type RawRequest, soleValue, valuesOf } from '../http/rawRequest.ts';
import type { AccessKey } from './accessKey.ts';
import { parseAuthorization, type SignatureClaim } from './authorizationHeader.ts';
import { type CanonicalParts, canonicalHash, canonicalParts, canonicalPaths } from './canonicalRequest.ts';
import { checkSkew, type SigningTime, signingTime } from './signingTime.ts';

/** Signing names of the clients: the devops-agent and cloudtrail commands, and our own service model. */
const SERVICES: readonly string[] = ['aidevops', 'cloudtrail', 'execute-api'];

/** Stand in for an unknown key, so that refusing one costs the same work (derived keys are cached by the pair). */
const NOBODY = { accessKeyId: 'nobody', secretAccessKey: 'an access key that does not exist has no secret' };

export interface SigV4Verifier {
  region: string;
  /** Epoch milliseconds. */
  now: () => number;
  findKey: (accessKeyId: string) => AccessKey | undefined;
}

/**
 * Verifies the SigV4 signature (header form) of a raw request and tells whose key made it. It covers
 * method, path, query, body, host, date and every `x-amz-*` header; 5 minutes of skew.
 * @throws MissingAuthenticationTokenException, IncompleteSignatureException, InvalidSignatureException,
 *   UnrecognizedClientException
 */
export async function verifySigV4(request: RawRequest, verifier: SigV4Verifier): Promise<AccessKey> {
  const query = queryPairs(request.rawQuery);
  if (query.some(([name]) => name.toLowerCase().startsWith('x-amz-'))) {
    throw fail(
      'IncompleteSignatureException',
      'Presigned URLs are not accepted: send the signature in the Authorization header.',
    );
  }
  const header = soleValue(request.headers, 'authorization');
  if (!header) throw fail('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const claim = parseAuthorization(header);
  refuseSessionToken(request);
  const time = checkTime(request, claim, verifier);
  checkScope(claim, verifier.region);
  checkSignedHeaders(request, claim.signedHeaders);
  const parts = canonicalParts(request, query, claim.signedHeaders);
  checkPayloadHash(request, parts.payloadHash);

  const key = verifier.findKey(claim.accessKeyId);
  const genuine = await signatureMatches(request.rawPath, parts, claim, time, key ?? NOBODY);
  if (!key) {
    throw fail('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  if (!genuine) throw mismatch();
  return key;
}

function refuseSessionToken({ headers }: RawRequest): void {
  if (valuesOf(headers, 'x-amz-security-token').length === 0) return;
  throw fail(
    'UnrecognizedClientException',
    'The keys of this server have no session token: unset AWS_SESSION_TOKEN.',
  );
}

function checkTime(request: RawRequest, claim: SignatureClaim, { now }: SigV4Verifier): SigningTime {
  const time = signingTime(soleValue(request.headers, 'x-amz-date'), soleValue(request.headers, 'date'));
  checkSkew(time, now());
  if (!time.text.startsWith(claim.scopeDate)) {
    throw refused('Date in Credential scope does not match the date of signing.');
  }
  return time;
}

function checkScope({ region, service }: SignatureClaim, expected: string): void {
  if (region !== expected) {
    throw refused(`Credential should be scoped to a valid region: this server's region is '${expected}'.`);
  }
  if (!SERVICES.includes(service)) {
    throw refused(`Credential should be scoped to correct service: one of ${SERVICES.join(', ')}.`);
  }
}

function checkSignedHeaders({ headers }: RawRequest, signed: readonly string[]): void {
  const present = new Set(headers.map(([name]) => name.toLowerCase()));
  const required = [...present].filter(name => name.startsWith('x-amz-'));
  if (!present.has('x-amz-date')) required.push('date');
  const unsigned = ['host', ...required].filter(name => !signed.includes(name));
  if (unsigned.length > 0) {
    throw refused(`These headers must be signed: ${unsigned.slice(0, 10).join(', ')}.`);
  }
  const absent = signed.filter(name => !present.has(name));
  if (absent.length > 0) {
    throw refused(`Signed headers are missing from the request: ${absent.slice(0, 10).join(', ')}.`);
  }
}

function checkPayloadHash(request: RawRequest, actual: string): void {
  const given = soleValue(request.headers, 'x-amz-content-sha256');
  if (given === undefined || given === actual) return;
  if (given === 'UNSIGNED-PAYLOAD' || given.startsWith('STREAMING-')) {
    throw refused('The body must be signed: x-amz-content-sha256 must be its SHA-256.');
  }
  throw refused("The provided 'x-amz-content-sha256' header does not match what was computed.");
}

/** Computes both accepted signatures, whatever the first comparison says. */
async function signatureMatches(
  rawPath: string,
  parts: CanonicalParts,
  claim: SignatureClaim,
  time: SigningTime,
  { accessKeyId, secretAccessKey }: Pick<AccessKey, 'accessKeyId' | 'secretAccessKey'>,
): Promise<boolean> {
  const { scopeDate, region, service } = claim;
  const credentials = { accessKeyId, secretAccessKey };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const scope = `${scopeDate}/${region}/${service}/aws4_request`;
  const given = Buffer.from(claim.signature, 'hex');
  const verdicts = [];
  for (const path of canonicalPaths(rawPath)) {
    const text = ['AWS4-HMAC-SHA256', time.text, scope, canonicalHash(parts, path)].join('\n');
    const expected = Buffer.from(await signer.sign(text, { signingDate: time.at }), 'hex');
    verdicts.push(timingSafeEqual(expected, given));
  }
  return verdicts.includes(true);
}

function refused(message: string) {
  return fail('InvalidSignatureException', message);
}

function mismatch() {
  return refused(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
      'Access Key and signing method. Consult the service documentation for details.',
  );
}
