import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../mcp/tlsServer.ts';
import { rawRequest } from './signedServer.ts';
import { refusalOf, type SigningKey, type SigningRules } from './verifySigned.ts';

export interface FakeStsOptions extends Omit<SigningRules, 'service'> {
  /** The ARN that GetCallerIdentity tells. */
  callerArn?: string;
  /** Takes the place of a good answer: an error's code, or no answer at all. */
  fault?: () => { status: number; code: string } | 'hang up' | undefined;
  /** Milliseconds from now until sessions expire; an hour when left out. */
  sessionMs?: number;
}

export interface FakeSts {
  url: string;
  /** Parameters of each AssumeRole whose signature was good. */
  assumed: Record<string, string>[];
  /** What the sessions may sign with: a server that shares this map knows them. */
  sessions: Map<string, SigningKey>;
  close(): Promise<void>;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS on loopback: AssumeRole and GetCallerIdentity of the 2011-06-15 query API, signatures checked. */
export async function startFakeSts(options: FakeStsOptions): Promise<FakeSts> {
  const { sessionMs = 3_600_000, now = Date.now } = options;
  const assumed: FakeSts['assumed'] = [];
  const sessions: FakeSts['sessions'] = new Map();

  const assume = (parameters: Record<string, string>) => {
    assumed.push(parameters);
    const id = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const key = { secretAccessKey: secret('secret'), sessionToken: `${secret('token')}/+==` };
    sessions.set(id, key);
    return `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${key.secretAccessKey}</SecretAccessKey><SessionToken>${key.sessionToken}</SessionToken><Expiration>${new Date(now() + sessionMs).toISOString()}</Expiration></Credentials>`;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    // By the clock that requests are signed with, which a test may have moved: the SDK corrects its own by this.
    response.setHeader('date', new Date(Date.now()).toUTCString());
    const raw = await rawRequest(request);
    // The SDK signs with the system's clock.
    const refusal = await refusalOf(raw, { ...options, service: 'sts', now: Date.now });
    const parameters = Object.fromEntries(new URLSearchParams(raw.body.toString()));
    const fault = refusal ? { status: 403, code: 'SignatureDoesNotMatch' } : options.fault?.();
    if (fault === 'hang up') return void response.destroy();
    if (parameters.Action === 'GetCallerIdentity') {
      return answer(response, parameters.Action, `<Arn>${options.callerArn ?? ''}</Arn>`);
    }
    if (fault) return refuse(response, fault);
    answer(response, 'AssumeRole', assume(parameters));
  };
  const server = createServer((request, response) => void handle(request, response));
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    assumed,
    sessions,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Found nowhere else. */
function secret(kind: string): string {
  return `canary-${kind}-${randomBytes(16).toString('hex')}`;
}

function answer(response: ServerResponse, action: string, result: string): void {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
  );
}

function refuse(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>canary-sts-text</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  );
}
