import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Certificate {
  certPem: string;
  keyPem: string;
}

export interface CertificateRequest {
  /** DNS names and IP addresses it is for; loopback's when left out. */
  hosts?: readonly string[];
  /** An hour ago when left out, and always before `notAfter`. */
  notBefore?: Date;
  /** Tomorrow when left out. */
  notAfter?: Date;
}

export interface TestCa {
  caPem: string;
  issue(request?: CertificateRequest): Promise<Certificate>;
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'];

function validity({ notBefore, notAfter }: CertificateRequest) {
  const end = notAfter ?? new Date(Date.now() + DAY);
  const start = notBefore ?? new Date(Math.min(Date.now() - HOUR, end.getTime() - DAY));
  return { notBeforeDate: start, notAfterDate: end };
}

function altName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(host) ? { type: 7, ip: host } : { type: 2, value: host };
}

async function leaf(request: CertificateRequest, ca?: { key: string; cert: string }): Promise<Certificate> {
  const hosts = request.hosts ?? LOOPBACK_HOSTS;
  const made = await generate([{ name: 'commonName', value: hosts[0] ?? 'nobody' }], {
    ...validity(request),
    keyType: 'ec',
    algorithm: 'sha256',
    ...(ca && { ca }),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hosts.map(altName) },
    ],
  });
  return { certPem: made.cert, keyPem: made.private };
}

/** A new certificate authority (P-256) that nothing trusts until it is told to. */
export async function createTestCa(): Promise<TestCa> {
  // A name of its own: two authorities of one name make verification errors misleading.
  const name = `Test CA ${randomBytes(4).toString('hex')}`;
  const made = await generate([{ name: 'commonName', value: name }], {
    ...validity({}),
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: made.private, cert: made.cert };
  return { caPem: made.cert, issue: (request = {}) => leaf(request, ca) };
}

/** A certificate signed by its own key. */
export function selfSigned(request: CertificateRequest = {}): Promise<Certificate> {
  return leaf(request);
}

let shared: Promise<TestCa> | undefined;

/** The authority that this process's test servers use unless they are given a certificate. */
export function sharedTestCa(): Promise<TestCa> {
  shared ??= createTestCa();
  return shared;
}
