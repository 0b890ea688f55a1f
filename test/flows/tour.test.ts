import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/engine.ts';
import { type Fence, fences, readDocument, section } from '../support/markdown.ts';
import { createBrowser } from '../support/oauth/browser.ts';
import { newPerson } from '../support/oauth/person.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';

// README.md marks the tour's blocks: `bash tour` is pasted into the third terminal, `bash tour-demo` and `bash
// tour-server` into the others; `text tour` is what a block prints (… stands for any text), `text tour-fails` what
// one prints that fails. Every block runs here as it stands there.

const hasAws = spawnSync('aws', ['devops-agent', 'help'], { env: { ...process.env, AWS_PAGER: '' } });
const curlHelp = spawnSync('curl', ['--help', 'all'], { encoding: 'utf8' });
const missing = [
  ...(hasAws.status === 0 ? [] : ['an aws CLI that knows devops-agent']),
  ...(curlHelp.stdout?.includes('--aws-sigv4') ? [] : ['a curl that knows --aws-sigv4']),
];

interface Step {
  script: string;
  prints: string[];
  fails: boolean;
}

const blocks = fences(section(readDocument('README.md'), '## A tour in five minutes'));
const steps = stepsOf(blocks);

/** Blocks for the third terminal, each with what it prints. */
function stepsOf(all: readonly Fence[], mark = 'tour'): Step[] {
  return all.flatMap(({ language, marks, text }, n) => {
    if (language !== 'bash' || !marks.includes(mark)) return [];
    const next = all[n + 1];
    const told = next?.language === 'text' ? next : undefined;
    const prints = told ? told.text.split('\n').map(normal).filter(Boolean) : [];
    return [{ script: text, prints, fails: told?.marks.includes('tour-fails') ?? false }];
  });
}

function theBlock(mark: string): string {
  const found = blocks.filter(({ marks }) => marks.includes(mark));
  if (found.length !== 1) throw new Error(`The tour has ${found.length} blocks "${mark}".`);
  return found[0]?.text.trim() ?? '';
}

function normal(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

/** Whether a line of a terminal is what the document says it is. */
function isLine(printed: string, told: string): boolean {
  const pattern = told.split('…').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(normal(printed));
}

it('the tour is there, and its servers are started as package.json says', () => {
  expect(steps.length).toBeGreaterThan(15);
  const { scripts } = JSON.parse(readDocument('package.json'));
  expect(theBlock('tour-server')).toMatch(/ npm start$/);
  expect(scripts).toMatchObject({
    prestart: 'node scripts/build.ts local console',
    start: 'node dist/local/main.mjs',
  });
});

it('has blocks for every step of a registration’s life', () => {
  const pasted = steps.map(({ script }) => script).join('\n');
  for (const command of [
    ...['register-service', 'list-services', 'create-agent-space', 'associate-service', 'get-association'],
    ...['update-association', 'disassociate-service', 'deregister-service', 'delete-agent-space'],
    ...[
      'lookup-events',
      'add-model',
      'validate-service',
      'list-service-tools',
      'update-service',
      '--aws-sigv4',
    ],
  ]) {
    expect(pasted).toContain(command);
  }
});

const title = missing.length > 0 ? `the tour (it needs ${missing.join(' and ')})` : 'the tour of README.md';

describe.skipIf(missing.length > 0)(title, { timeout: 240_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'switchboard-tour-'));
  const dataDir = newDataDir();
  let demo: ChildProcess;
  let server: RunningServer;
  let terminal: Terminal;

  beforeAll(async () => {
    demo = spawn('bash', ['-c', theBlock('tour-demo')], {
      cwd: PROJECT_ROOT,
      env: { PATH: process.env.PATH, HOME: home, DEMO_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const demoPort = await portIn(demo);
    // `npm start` builds first, which other tests must not see half-done: the command is started for it.
    const settings = theBlock('tour-server').matchAll(/(\w+)=(\S+) /g);
    server = await startServer(dataDir, {
      ...Object.fromEntries([...settings].map(([, name, value]) => [name, value])),
      SWITCHBOARD_ACCESS_KEY_ID: undefined,
      SWITCHBOARD_SECRET_ACCESS_KEY: undefined,
      EGRESS_CA_FILE: undefined,
      QUOTA_VALIDATIONS_PER_MINUTE: undefined,
    });
    const [key] = JSON.parse(readFileSync(join(dataDir, 'access-keys.json'), 'utf8')).keys;
    terminal = openTerminal({
      PATH: process.env.PATH,
      HOME: home,
      PORT: String(server.port),
      DEMO_PORT: demoPort,
      // The lines that a person copies from the server's terminal.
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });

  afterAll(async () => {
    terminal?.close();
    // The whole group: npm does not pass every signal on.
    if (demo?.pid) process.kill(-demo.pid, 'SIGTERM');
    await server?.stop();
    removeDataDir(dataDir);
    rmSync(home, { recursive: true, force: true });
  });

  it('runs as it is written and prints what it says', async () => {
    for (const step of steps) await take(step);
  });

  it('goes on with each method, as it is written', async () => {
    const examples = fences(section(readDocument('README.md'), '## Register by each method'));
    const methods = stepsOf(examples, 'method');
    expect(methods.length).toBeGreaterThanOrEqual(8);
    for (const step of methods) {
      const output = await take(step);
      const url = /"authorizationUrl": "(\S+)"/.exec(output)?.[1];
      if (url) await consent(url);
    }
  });

  /** Pastes a step, and finds in what it prints what the document says. */
  async function take({ script, prints, fails }: Step): Promise<string> {
    const { output, failed } = await terminal.paste(script);
    const seen = `${script}\n${output}`;
    expect(failed, seen).toBe(fails);
    const lines = output.split('\n');
    for (const told of prints) {
      const at = lines.findIndex(line => isLine(line, told));
      expect(at, `not printed: ${told}\n\n${seen}`).toBeGreaterThanOrEqual(0);
      lines.splice(0, at + 1);
    }
    return output;
  }

  /** Opens the consent page and goes on, as a browser does that keeps its cookies apart by host and port. */
  async function consent(url: string): Promise<void> {
    const person = newPerson();
    const provider = await person.goOn(url);
    const browser = createBrowser('');
    const callback = await browser.follow(provider, ({ origin }) => origin !== provider.origin);
    await browser.close();
    const { location } = await person.get(callback);
    expect(location).toMatch(/[?&]serviceId=mcpserver-/);
  }

  it('leaves no secret on the trail', async () => {
    const { output } = await terminal.paste(
      "aws cloudtrail lookup-events --query 'Events[].CloudTrailEvent'",
    );
    expect(output).toContain('RegisterService');
    expect(output).toContain('HIDDEN_DUE_TO_SECURITY_REASONS');
    expect(output).not.toMatch(/demo-key-3f9c1d7a|demo-token-8e2b6c40|wrong-key|demo-secret|demo-aws-secret/);
  });
});

async function portIn(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)\/mcp/.exec(line)?.[1];
    if (port) return port;
  }
  throw new Error('The demo server did not start.');
}

interface Terminal {
  /** Runs lines in the one shell; `failed` when any command of them did. */
  paste(script: string): Promise<{ output: string; failed: boolean }>;
  close(): void;
}

function openTerminal(env: Record<string, string | undefined>): Terminal {
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    cwd: PROJECT_ROOT,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const mark = 'end-of-block';
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  shell.stdin.write('trap failed=1 ERR\n');
  return {
    async paste(script) {
      printed = '';
      shell.stdin.write(
        `failed=0\n{\n${script}\n} 2>&1 </dev/null\nprintf '\\n%s %s\\n' ${mark} "$failed"\n`,
      );
      for (;;) {
        const [, output = '', failed] = new RegExp(`^([\\s\\S]*)\\n${mark} (\\d)\\n$`).exec(printed) ?? [];
        if (failed !== undefined) return { output, failed: failed === '1' };
        await once(shell.stdout, 'data');
      }
    },
    close: () => shell.kill('SIGKILL'),
  };
}
