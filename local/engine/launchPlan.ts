import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { ownerOnlyFile } from './dataDir.ts';
import type { FoundEngine } from './findEngine.ts';
import { jettyConfiguration } from './jettyConfiguration.ts';

/** How to start one engine process and how to tell from its own output where it listens. */
export interface LaunchPlan {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Matches the line that says it listens; its group is the port. */
  listening: RegExp;
  /** Matches the complaint about a port that someone else took first. */
  portTaken: RegExp;
  host: string;
}

/** Names in the data folder. Each engine has its own format, hence its own name. */
const STORES = { dynoxide: 'switchboard.db', 'dynamodb-local': 'dynamodb-local' } as const;

export function storePath(dataDir: string, kind: FoundEngine['kind']): string {
  return join(dataDir, STORES[kind]);
}

export async function planLaunch(engine: FoundEngine, dataDir: string): Promise<LaunchPlan> {
  const host = loopbackHost();
  return engine.kind === 'dynoxide'
    ? planDynoxide(engine.binary, dataDir, host)
    : planDynamodbLocal(engine.java, engine.emulatorDir, dataDir, host);
}

/**
 * A loopback address that cannot be guessed, where the system has more than one. The engines check no signature, and
 * Dynoxide lets pages of any origin call it: a page in a browser on this machine, or a request made for a user whom
 * `127.0.0.1` is open to, must not find the database by trying ports.
 */
function loopbackHost(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
}

async function planDynoxide(binary: string, dataDir: string, host: string): Promise<LaunchPlan> {
  const path = storePath(dataDir, 'dynoxide');
  // SQLite gives its journals the mode of the database.
  ownerOnlyFile(path);
  // It does not tell the port that `--port 0` gets.
  const port = await freePort(host);
  return {
    command: binary,
    args: ['serve', '--host', host, '--port', String(port), '--db-path', path],
    cwd: dataDir,
    env: {},
    listening: /listening on http:\/\/[\d.]+:(\d+)\s/,
    portTaken: /already in use/i,
    host,
  };
}

function planDynamodbLocal(java: string, emulatorDir: string, dataDir: string, host: string): LaunchPlan {
  const store = storePath(dataDir, 'dynamodb-local');
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const configuration = join(store, 'jetty.xml');
  writeFileSync(configuration, jettyConfiguration, { mode: 0o600 });
  const libraries = join(emulatorDir, 'DynamoDBLocal_lib');
  const classPath = [join(emulatorDir, 'DynamoDBLocal.jar'), join(libraries, '*')].join(delimiter);
  return {
    command: java,
    args: [
      // A third of the time to start, and less memory; a Java that does not know them ignores them.
      ...['-XX:+IgnoreUnrecognizedVMOptions', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      `-Djava.library.path=${libraries}`,
      '-Dorg.eclipse.jetty.xml.XmlParser.Validating=false',
      // The logger of the line that `listening` matches; the emulator quietens all others.
      '-Dorg.eclipse.jetty.server.AbstractConnector.LEVEL=INFO',
      ...['-cp', classPath, 'org.eclipse.jetty.xml.XmlConfiguration'],
      ...[`engine.host=${host}`, `engine.store=${store}`, configuration],
    ],
    cwd: store,
    env: { DDB_LOCAL_TELEMETRY: '0' },
    listening: /Started ServerConnector.*:(\d+)\}/,
    portTaken: /Failed to bind/,
    host,
  };
}

/** A port that nobody listens on at this moment. Another process may take it before the engine does. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
