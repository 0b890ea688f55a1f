import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, round } from './result.ts';

/** What one fresh process spent of user and system time, in milliseconds, and how its first call ended. */
export interface ColdStart {
  importMs: number;
  /** The import and the first call together. */
  cpuMs: number;
  /** The status code of the answer, `ended` where it has none, or the name of the error. */
  outcome: string;
}

export interface ColdTask {
  file: string;
  event: object;
}

const PROGRAM = join(import.meta.dirname, 'coldProgram.ts');
const run = promisify(execFile);

/**
 * Starts each bundle in fresh processes, `runs` times, one at a time and in turns, through a Runtime API on loopback.
 * The answer holds medians, by file. @throws Error where a process ends badly or answers nothing
 */
export async function coldStarts(
  tasks: readonly ColdTask[],
  runs: number,
  env: Record<string, string>,
): Promise<Map<string, ColdStart>> {
  const samples = new Map<string, ColdStart[]>(tasks.map(({ file }) => [file, []]));
  const api = await runtimeApi();
  try {
    for (let n = 0; n < runs; n++) {
      for (const { file, event } of tasks) {
        api.offer(event);
        const { stderr } = await run(process.execPath, [PROGRAM, file, api.host], { env, timeout: 60_000 });
        if (!api.isAnswered()) throw new Error(`${file} left its event without an answer.`);
        const line = stderr.split('\n').find(text => text.startsWith('{"importMs"'));
        samples.get(file)?.push(JSON.parse(line ?? ''));
      }
    }
  } finally {
    api.close();
  }
  return new Map([...samples].map(([file, starts]) => [file, middle(starts)]));
}

function middle(starts: readonly ColdStart[]): ColdStart {
  return {
    importMs: round(median(starts.map(({ importMs }) => importMs)), 1),
    cpuMs: round(median(starts.map(({ cpuMs }) => cpuMs)), 1),
    outcome: [...new Set(starts.map(({ outcome }) => outcome))].join(' '),
  };
}

/** The part of Lambda's Runtime API that one call needs: the next event, and where its answer goes. */
async function runtimeApi() {
  let event: object = {};
  let answered = false;
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('lambda-runtime-aws-request-id', crypto.randomUUID());
      return void response.end(JSON.stringify(event));
    }
    request.resume().on('end', () => {
      answered = true;
      response.writeHead(202).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    offer(next: object) {
      event = next;
      answered = false;
    },
    isAnswered: () => answered,
    close: () => void server.close(),
  };
}
