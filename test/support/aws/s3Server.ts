import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { listenOnLoopback } from '../mcp/tlsServer.ts';

export interface S3Request {
  method: string;
  key: string;
  headers: IncomingMessage['headers'];
}

export interface S3Server {
  client: S3Client;
  endpoint: string;
  files: Map<string, Uint8Array>;
  /** Headers that came with them. */
  headers: Map<string, IncomingMessage['headers']>;
  requests: S3Request[];
  /** Answers to the next requests, by code and status, in place of the real ones. `lost`: done, and not answered. */
  faults: ({ code: string; status: number } | 'lost')[];
  close(): Promise<void>;
}

/** Keys of one page of a listing. */
const PAGE = 2;

/**
 * One bucket of S3 on loopback, in its REST protocol: PutObject, GetObject, DeleteObjects, and ListObjectsV2 in pages.
 * One that is written once refuses to write without If-None-Match, as the archive's policy does.
 */
export async function startS3(bucket: string, { isWrittenOnce = true } = {}): Promise<S3Server> {
  const files = new Map<string, Uint8Array>();
  const headersOf: S3Server['headers'] = new Map();
  const requests: S3Request[] = [];
  const faults: S3Server['faults'] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://s3');
    const key = decodeURIComponent(url.pathname.slice(bucket.length + 2));
    const { method = '', headers } = request;
    requests.push({ method, key, headers });
    const body = await bodyOf(request);
    const fault = faults.shift();
    if (fault && fault !== 'lost') return void response.writeHead(fault.status).end(errorXml(fault.code));
    const [status, answer] = act();
    if (fault === 'lost') return void response.destroy();
    response.writeHead(status).end(answer);

    function act(): Answer {
      if (method === 'POST') return remove(files, body);
      if (method !== 'PUT') return key === '' ? list(files, url) : get(files, key);
      const refusal = isWrittenOnce && refusalOf(files, key, body, headers);
      if (refusal) return refusal;
      files.set(key, body);
      headersOf.set(key, headers);
      return [200, ''];
    }
  });
  const port = await listenOnLoopback(server);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
  });
  const close = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise<void>(done => server.close(() => done()));
  };
  return { client, endpoint, files, headers: headersOf, requests, faults, close };
}

type Answer = [status: number, body: string | Uint8Array];

function refusalOf(
  files: ReadonlyMap<string, Uint8Array>,
  key: string,
  body: Buffer,
  headers: IncomingMessage['headers'],
): Answer | undefined {
  if (headers['if-none-match'] !== '*') return [403, errorXml('AccessDenied')];
  const sum = createHash('sha256').update(body).digest('base64');
  if (headers['x-amz-checksum-sha256'] !== sum) return [400, errorXml('BadDigest')];
  return files.has(key) ? [412, errorXml('PreconditionFailed')] : undefined;
}

/** DeleteObjects; quiet: it tells of failures only, and there are none. */
function remove(files: Map<string, Uint8Array>, body: Buffer): Answer {
  for (const [, key = ''] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) files.delete(key);
  return [200, '<DeleteResult></DeleteResult>'];
}

function get(files: ReadonlyMap<string, Uint8Array>, key: string): Answer {
  const bytes = files.get(key);
  return bytes ? [200, bytes] : [404, errorXml('NoSuchKey')];
}

function list(files: ReadonlyMap<string, Uint8Array>, url: URL): Answer {
  const { searchParams: query } = url;
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const keys = [...files.keys()].sort().filter(key => key.startsWith(prefix) && key > after);
  const delimiter = query.get('delimiter');
  const direct = keys.filter(key => !delimiter || !key.slice(prefix.length).includes(delimiter));
  const page = direct.slice(0, PAGE);
  const more = direct.length > PAGE;
  const contents = page.map(key => `<Contents><Key>${key}</Key></Contents>`).join('');
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return [200, `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents}</ListBucketResult>`];
}

function errorXml(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await request.toArray());
}
