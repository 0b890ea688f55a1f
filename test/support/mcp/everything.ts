import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Peer, type PeerOptions, startTlsServer } from './tlsServer.ts';

const ENTRY = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

// The child ends with its standard input: a killed test run leaves nothing behind.
const END_WITH_PARENT = 'data:text/javascript,process.stdin.on("close",()=>process.exit()).resume()';

/** Milliseconds for Node to load the server on a busy two-core machine. */
const START_TIMEOUT_MS = 30_000;

function spawnServer(socketPath: string): ChildProcess {
  // A socket file instead of a port: the server would listen on every interface, and ports race.
  return spawn(process.execPath, ['--import', END_WITH_PARENT, ENTRY, 'streamableHttp'], {
    env: { PATH: process.env.PATH, PORT: socketPath },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

function whenListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('server-everything did not start')), START_TIMEOUT_MS);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
      if (!said.includes('listening')) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', code => reject(new Error(`server-everything ended with ${code}: ${said}`)));
  });
}

function forward(socketPath: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const upstream = httpRequest({ socketPath, method, path: url, headers }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // At once: an event stream has headers long before it has events.
    response.flushHeaders();
    pipeline(answer, response, () => {});
  });
  response.once('close', () => upstream.destroy());
  upstream.once('error', () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  pipeline(request, upstream, () => {});
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** The reference server in a process of its own, behind a TLS-terminating, credential-checking proxy. */
export async function startEverything(options: PeerOptions = {}): Promise<Peer & { pid: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-everything-'));
  const socketPath = join(folder, 'socket');
  const child = spawnServer(socketPath);
  const clear = async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await whenListening(child);
    const peer = await startTlsServer((request, response) => forward(socketPath, request, response), options);
    const close = () => peer.close().then(clear);
    return { ...peer, pid: child.pid ?? 0, close };
  } catch (error) {
    await clear();
    throw error;
  }
}
