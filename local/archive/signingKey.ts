import { createECDH, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { DigestSigner } from '../../lib/archive/digest.ts';

const CURVE = 'prime256v1';

/**
 * Signs digests with an ECDSA key (P-256) that is made of 32 secret bytes, the same whenever it is made: there is no
 * other file to keep than the key file.
 */
export function localSigner(secret: Uint8Array): DigestSigner {
  const { d, x, y } = keyPair(secret);
  const privateKey = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' });
  return {
    algorithm: 'ECDSA_SHA_256',
    publicKeyPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    sign: async message => sign('sha256', message, privateKey),
  };
}

function keyPair(secret: Uint8Array) {
  const ecdh = createECDH(CURVE);
  const scalar = usableScalar(secret);
  ecdh.setPrivateKey(scalar);
  // 0x04, then both coordinates.
  const point = ecdh.getPublicKey();
  return {
    d: scalar.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
}

/** One secret in 2^32 is above the order of the curve: then its hash is taken. */
function usableScalar(secret: Uint8Array): Buffer {
  let scalar = Buffer.from(secret);
  for (;;) {
    try {
      createECDH(CURVE).setPrivateKey(scalar);
      return scalar;
    } catch {
      scalar = createHash('sha256').update(scalar).digest();
    }
  }
}
