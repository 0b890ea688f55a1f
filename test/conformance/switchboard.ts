import { serverDeps } from '../../lib/deps/server.ts';
import { connectServer, type OpenServer } from '../../lib/mcp/connect.ts';
import { openService } from '../../lib/services/openService.ts';
import { registeredAuthorizer } from '../../lib/services/serverAuthorizer.ts';
import { startEmbedded } from '../../local/embedded.ts';
import { ACCOUNT, type Answer } from '../support/app.ts';
import { PROJECT_ROOT } from '../support/engine.ts';
import { newPerson } from '../support/oauth/person.ts';
import { newDataDir, ROOT_KEY, removeDataDir } from '../support/serverProcess.ts';
import { signedCall } from '../support/signedClient.ts';

type Operation = Parameters<typeof signedCall>[1];

/** Where the suite's authorization servers are told to find the client; they never fetch it. */
const CLIENT_METADATA_URL = 'https://conformance-test.local/client-metadata.json';

/** Milliseconds for one exchange with a scenario's server; the suite itself gives up after 30 s. */
const EXCHANGE_MS = 20_000;

/** Switchboard as an operator uses it, in this process. */
export interface Switchboard {
  /** Where it listens. */
  port: number;
  /** For `returnToEndpoint`. */
  console: string;
  dataDir: string;
  /** @throws Error where it is refused */
  call(name: Operation, input: object): Promise<Answer['body']>;
  /** Goes through a consent like a person with a browser. @throws Error with the code that the browser brings back */
  consent(consentUrl: string): Promise<string>;
  /** Connects to a registered server as the product does, for calling its tools. */
  connect(serviceId: string): Promise<OpenServer>;
  stop(): Promise<void>;
}

/** Starts the embedded server on a new data folder, with loopback and plain http:// let through; `env` adds to that. */
export async function startSwitchboard(env: Record<string, string> = {}): Promise<Switchboard> {
  const dataDir = newDataDir();
  const embedded = await startEmbedded({
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      SWITCHBOARD_DATA_DIR: dataDir,
      SWITCHBOARD_ACCOUNT_ID: ACCOUNT,
      SWITCHBOARD_ACCESS_KEY_ID: ROOT_KEY.accessKeyId,
      SWITCHBOARD_SECRET_ACCESS_KEY: ROOT_KEY.secretAccessKey,
      ALLOW_INSECURE_HTTP: 'true',
      ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8,::1/128',
      CLIENT_METADATA_URL,
      QUOTA_VALIDATIONS_PER_MINUTE: '1000',
      ...env,
    },
    projectRoot: PROJECT_ROOT,
    say: () => {},
    onEngineExit: message => process.stderr.write(`${message}\n`),
  });
  const { origin, port } = new URL(embedded.url);
  return {
    port: Number(port),
    console: `${origin}/console/`,
    dataDir,
    async call(name, input) {
      const { error, body } = await signedCall(Number(port), name, input);
      if (error) throw new Error(`${name}: ${error} ${body.message}`);
      return body;
    },
    consent: consentLikeAPerson,
    connect,
    async stop() {
      await embedded.stop();
      removeDataDir(dataDir);
    },
  };
}

async function consentLikeAPerson(consentUrl: string): Promise<string> {
  const person = newPerson();
  const provider = await person.goOn(consentUrl);
  // No cookie of ours goes to the provider; its mock consents at once.
  const redirect = await fetch(provider, { redirect: 'manual' });
  const callback = redirect.headers.get('location');
  if (!callback) throw new Error(`The provider answered ${redirect.status}`);
  const landed = new URL((await person.get(callback)).location);
  const serviceId = landed.searchParams.get('serviceId');
  if (!serviceId) throw new Error(`The browser came back with ${landed.search}`);
  return serviceId;
}

async function connect(serviceId: string): Promise<OpenServer> {
  const deps = serverDeps();
  const { service, credential } = await openService({ accountId: ACCOUNT, serviceId }, deps);
  const connection = {
    accountId: ACCOUNT,
    endpoint: service.endpoint,
    authorizer: registeredAuthorizer(service, credential, ACCOUNT, deps),
    egress: deps.egress,
    ...(service.verdict ? { verdict: service.verdict } : {}),
  };
  const signal = AbortSignal.timeout(EXCHANGE_MS);
  return connectServer(connection, { signal, headersTimeoutMs: EXCHANGE_MS });
}
