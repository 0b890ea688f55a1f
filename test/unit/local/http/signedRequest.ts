import http from 'node:http';
import https from 'node:https';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AccessKey } from '../../../../local/identity/accessKey.ts';

export const ADMIN: AccessKey = {
  accessKeyId: 'SWBKADMINADMINADMIN1',
  secretAccessKey: 'canary-secret-of-the-admin-key-000000001',
  accountId: '000000000000',
  role: 'admin',
  userName: 'root',
  createdAt: '2026-01-01T00:00:00.000Z',
};

export interface ToSign {
  method?: string;
  path?: string;
  query?: Record<string, string | string[]>;
  headers?: Record<string, string>;
  body?: string;
  service?: string;
  region?: string;
  at?: Date;
  key?: Pick<AccessKey, 'accessKeyId' | 'secretAccessKey'> & { sessionToken?: string };
  uriEscapePath?: boolean;
  applyChecksum?: boolean;
}

/** Headers of a request signed by the AWS SDK's own signer. */
export async function signedHeaders(host: string, toSign: ToSign): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    credentials: toSign.key ?? ADMIN,
    region: toSign.region ?? 'us-east-1',
    service: toSign.service ?? 'aidevops',
    sha256: Sha256,
    uriEscapePath: toSign.uriEscapePath ?? true,
    applyChecksum: toSign.applyChecksum ?? true,
  });
  const signed = await signer.sign(
    {
      method: toSign.method ?? 'GET',
      protocol: 'http:',
      hostname: host,
      path: toSign.path ?? '/',
      query: toSign.query ?? {},
      headers: { host, ...toSign.headers },
      body: toSign.body,
    },
    { signingDate: toSign.at ?? new Date() },
  );
  return signed.headers;
}

/** The query as the AWS SDKs put it on the wire. */
export function wireQuery(query: Record<string, string | string[]> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map(one => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  json: any;
}

export interface ToSend {
  port: number;
  method?: string;
  /** Sent as it is: nothing is normalised. */
  target: string;
  headers?: http.OutgoingHttpHeaders | string[];
  body?: string | Buffer;
  ca?: string;
  agent?: http.Agent;
}

/** Sends a request byte for byte as given. */
export function send({
  port,
  method = 'GET',
  target,
  headers = {},
  body,
  ca,
  agent,
}: ToSend): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path: target,
      headers,
      agent: agent ?? false,
      setHost: false,
    };
    const request = ca ? https.request({ ...options, ca }) : http.request(options);
    request.on('error', reject).on('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk)).on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = text.startsWith('{') ? JSON.parse(text) : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.end(body);
  });
}

/** Signs with the SDK's signer and sends to a local server. */
export async function call(port: number, toSign: ToSign): Promise<Answer> {
  const headers = await signedHeaders(`127.0.0.1:${port}`, toSign);
  const target = `${toSign.path ?? '/'}${wireQuery(toSign.query)}`;
  const length = toSign.body === undefined ? {} : { 'content-length': Buffer.byteLength(toSign.body) };
  return send({
    port,
    target,
    headers: { ...headers, ...length },
    ...(toSign.method && { method: toSign.method }),
    ...(toSign.body !== undefined && { body: toSign.body }),
  });
}
