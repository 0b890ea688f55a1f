import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignIn } from '../identity/signIn.ts';
import { readBody } from './body.ts';
import { json, refuse } from './consoleAnswer.ts';
import { isLoopback } from './settings.ts';

/** A sign-in with the link. */
export interface SignedIn {
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  sourceIp: string;
  userAgent: string;
}

export interface SessionOptions {
  signIn: SignIn;
  /** Records a sign-in; without the record there is none. */
  onSignedIn: (accessKeyId: string, call: SignedIn) => Promise<void>;
  /** Told of codes that are no good; must not write. */
  onRefused: (call: { sourceIp: string }) => void;
}

interface SessionCall extends Omit<SignedIn, 'userAgent'> {
  request: IncomingMessage;
  response: ServerResponse;
}

/** A code, or an access key of which only the holder may end the session, is shorter. */
const MAX_SIGN_IN_BYTES = 1024;

/** POST trades a link's code for a session's access key, DELETE ends a session. From this machine alone. */
export async function serveSession(
  call: SessionCall,
  { signIn, onSignedIn, onRefused }: SessionOptions,
): Promise<void> {
  const { request, response, sourceIp, requestId, at } = call;
  const body = await readBody(request, undefined, MAX_SIGN_IN_BYTES);
  if (!isLoopback(sourceIp)) return refuse(response, 403, 'Sign-in links work on the machine of the server.');
  // Pages of others can send simple requests only, which cannot be of this type.
  if (request.headers['content-type'] !== 'application/json') return refuse(response, 415, 'Send JSON.');
  const { code, accessKeyId, secretAccessKey } = members(body);
  if (request.method === 'DELETE') {
    signIn.end(accessKeyId, secretAccessKey);
    return void response.writeHead(204, { 'cache-control': 'no-store' }).end();
  }
  if (request.method !== 'POST') return refuse(response, 405, 'This path takes POST and DELETE.');
  const made = signIn.exchange(code);
  if (!made) {
    onRefused({ sourceIp });
    return refuse(response, 403, 'This sign-in link was used, has expired, or never was one.');
  }
  const userAgent = request.headers['user-agent'] ?? '';
  try {
    await onSignedIn(made.accessKeyId, { requestId, at, sourceIp, userAgent });
  } catch (error) {
    signIn.end(made.accessKeyId, made.secretAccessKey);
    throw error;
  }
  json(response, 201, made);
}

function members(body: Buffer): Record<'code' | 'accessKeyId' | 'secretAccessKey', string> {
  const found = parsed(body);
  const text = (name: string) => (typeof found[name] === 'string' ? found[name] : '');
  return {
    code: text('code'),
    accessKeyId: text('accessKeyId'),
    secretAccessKey: text('secretAccessKey'),
  };
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
