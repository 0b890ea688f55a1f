import {
  constants,
  createECDH,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  randomBytes,
} from 'node:crypto';

/** An asymmetric key that signs as KMS does: what it is given is the digest already. */
export interface SigningKey {
  /** What GetPublicKey answers. */
  publicKey: { PublicKey: Uint8Array; SigningAlgorithms: string[]; KeyUsage: string; KeySpec: string };
  signDigest(digest: Uint8Array): Uint8Array;
}

export function ecKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = BigInt(
    `0x${Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url').toString('hex')}`,
  );
  return {
    publicKey: described(publicKey, 'ECC_NIST_P256', ['ECDSA_SHA_256']),
    signDigest: digest => ecdsa(secret, digest),
  };
}

export function rsaKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithms = ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'];
  return {
    publicKey: described(publicKey, 'RSA_2048', algorithms),
    // RFC 8017 §9.2: DigestInfo of SHA-256, then the digest.
    signDigest: digest =>
      privateEncrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]),
      ),
  };
}

function described(publicKey: KeyObject, KeySpec: string, SigningAlgorithms: string[]) {
  const PublicKey = publicKey.export({ type: 'spki', format: 'der' });
  return { PublicKey, SigningAlgorithms, KeyUsage: 'SIGN_VERIFY', KeySpec };
}

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** FIPS 186-5 §6.4.1 over a digest, which Node's own signing would hash once more. Good for tests only. */
function ecdsa(secret: bigint, digest: Uint8Array): Uint8Array {
  const nonce = createECDH('prime256v1');
  // Well below the order of the curve.
  const k = randomBytes(31);
  nonce.setPrivateKey(Buffer.concat([Buffer.of(0), k]));
  const r = toNumber(nonce.getPublicKey().subarray(1, 33)) % ORDER;
  const s = (inverse(toNumber(k)) * (toNumber(digest) + r * secret)) % ORDER;
  const members = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.of(0x30, members.length), members]);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value % ORDER, ORDER - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const positive = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(2, positive.length), positive]);
}
