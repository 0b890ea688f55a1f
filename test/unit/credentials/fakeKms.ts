import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What KMS was asked: the operation and its parsed JSON. */
export interface KmsCall {
  operation: string;
  input: Record<string, unknown> & { KeyId: string; EncryptionContext?: Record<string, string> };
}

/** An answer in place of the real one: an AWS error by its type, or silence. */
export type Fault = { type: string; status?: number } | 'hang';

export interface FakeKms extends AsyncDisposable {
  endpoint: string;
  calls: KmsCall[];
  /** Answers to the next calls, first to last; the real answer when empty. */
  faults: Fault[];
}

/**
 * GenerateDataKey and Decrypt of KMS on loopback, in its awsJson1_1 protocol. Data keys are really wrapped,
 * with the encryption context as authenticated data, so a wrong context fails as it does on AWS.
 */
export async function startFakeKms(): Promise<FakeKms> {
  const calls: KmsCall[] = [];
  const faults: Fault[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const input = JSON.parse(await textOf(request)) as KmsCall['input'];
    calls.push({ operation, input });
    const fault = faults.shift();
    if (fault === 'hang') return;
    const [status, body] = fault ? refusal(fault.type, fault.status) : answer(operation, input);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    faults,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}

type Answer = [status: number, body: Record<string, unknown>];
const MASTER = randomBytes(32);

function answer(operation: string, input: KmsCall['input']): Answer {
  if (operation === 'GenerateDataKey') {
    const dataKey = randomBytes(Number(input.NumberOfBytes));
    const KeyId = input.KeyId.replace(':alias/main', ':key/00000000-0000-4000-8000-00000000a11a');
    const CiphertextBlob = wrap(dataKey, KeyId, input).toString('base64');
    return [200, { KeyId, Plaintext: dataKey.toString('base64'), CiphertextBlob }];
  }
  if (operation !== 'Decrypt') return refusal('UnknownOperationException');
  try {
    const Plaintext = unwrap(Buffer.from(String(input.CiphertextBlob), 'base64'), input).toString('base64');
    return [200, { KeyId: input.KeyId, Plaintext }];
  } catch {
    return refusal('InvalidCiphertextException');
  }
}

function refusal(type: string, status = 400): Answer {
  return [status, { __type: type, message: 'canary: User arn:aws:iam::111122223333:role/x is not …' }];
}

function aad(keyId: string, { EncryptionContext = {} }: KmsCall['input']): Buffer {
  return Buffer.from(JSON.stringify([keyId, Object.entries(EncryptionContext).sort()]));
}

function wrap(dataKey: Buffer, keyId: string, input: KmsCall['input']): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', MASTER, iv).setAAD(aad(keyId, input));
  return Buffer.concat([iv, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(blob: Buffer, input: KmsCall['input']): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', MASTER, blob.subarray(0, 12))
    .setAAD(aad(input.KeyId, input))
    .setAuthTag(blob.subarray(-16));
  return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
}

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString('utf8');
}
