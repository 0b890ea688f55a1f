import { join } from 'node:path';
import { type Embedded, startEmbedded } from './embedded.ts';
import { showKey } from './identity/showKey.ts';
import { letCallsDieYoung } from './letCallsDieYoung.ts';

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  letCallsDieYoung();
  let embedded: Embedded | undefined;
  stopOnSignal(() => embedded);
  say('Switchboard is starting …');
  embedded = await startEmbedded({
    env: process.env,
    projectRoot: process.cwd(),
    consoleDir: join(import.meta.dirname, '..', 'console'),
    agentProgram: join(import.meta.dirname, 'agentProcess.mjs'),
    say,
    onEngineExit: message => {
      console.error(`${message} Switchboard cannot go on without it and stops.`);
      process.exit(1);
    },
  });
  greet(embedded);
}

function greet({ url, agentsUrl, dataDir, keysFile, newRootKey, signInLink }: Embedded): void {
  say(`Data folder: ${dataDir}`);
  if (newRootKey) {
    const terminal = process.stdout.isTTY === true;
    say(`A root access key was made.${terminal ? ' It is shown this once:' : ''}`);
    say(showKey(newRootKey, keysFile, terminal));
  } else {
    say(`Access keys: ${keysFile} (or the environment's); npm run keys -- list`);
  }
  say(`For the AWS CLI: ${cliSettings(url)}`);
  if (signInLink) {
    const where = process.stdout.isTTY === true ? signInLink.url : `the link in ${signInLink.file}`;
    say(`Open the console, once and within 15 minutes, with ${where}`);
  }
  if (agentsUrl) say(`Agents have processes of their own at ${agentsUrl}`);
  say(`Switchboard is ready at ${url}`);
}

/** Ready to paste. AWS CLI version 1 reads no AWS_REGION; no host prefix fits a local name. */
function cliSettings(url: string): string {
  const region = process.env.AWS_REGION || 'us-east-1';
  return [
    `export AWS_ENDPOINT_URL_DEVOPS_AGENT=${url}`,
    `AWS_ENDPOINT_URL_CLOUDTRAIL=${url}`,
    'AWS_DISABLE_HOST_PREFIX_INJECTION=true',
    `AWS_DEFAULT_REGION=${region}`,
  ].join(' ');
}

/** A second signal ends at once, and so does one that comes before the server is ready. */
function stopOnSignal(running: () => Embedded | undefined): void {
  let stopping = false;
  const onSignal = async (signal: string): Promise<void> => {
    const embedded = running();
    // Not the system's default: `process.exit` takes the database engine along.
    if (stopping || !embedded) process.exit(1);
    stopping = true;
    say(`${signal}: finishing requests, then stopping …`);
    await embedded.stop();
    say('Stopped.');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void onSignal(signal));
}

main().catch((error: Error) => {
  console.error(`Switchboard could not start: ${error.message}`);
  process.exit(1);
});
