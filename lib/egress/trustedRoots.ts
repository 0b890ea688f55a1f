import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';

/**
 * A TLS context that trusts Node's default roots and those in `extraPem`; undefined, which means the default, when
 * there are none. Throws an Error that names `EGRESS_CA_FILE` when the text holds no certificate or a broken one.
 */
export function trustWith(extraPem: string | undefined): SecureContext | undefined {
  if (extraPem === undefined) return undefined;
  const extra = extraPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (extra.length === 0 || !extra.every(isCertificate)) {
    throw new Error('EGRESS_CA_FILE: the file must hold one or more PEM certificates.');
  }
  return createSecureContext({ ca: [...defaultRoots(), ...extra] });
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem) !== undefined;
  } catch {
    return false;
  }
}

/** Node's own, with what NODE_EXTRA_CA_CERTS and --use-system-ca add. */
function defaultRoots(): readonly string[] {
  const roots = getCACertificates('default');
  return roots.length > 0 ? roots : rootCertificates;
}
