/**
 * What bundles hold in the place of asn1.js, which the AWS Encryption SDK reads ECDSA keys and signatures with: stored
 * values have none, and lib/credentials/envelope.ts refuses those that say they have.
 */
export default {
  define: () => ({ decode: refuse, encode: refuse }),
};

function refuse(): never {
  throw new Error('This build reads no ECDSA signatures.');
}
