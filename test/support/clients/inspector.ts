import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { AgentClient, Endpoint } from './agentClient.ts';
import { programOf, type Sandbox } from './program.ts';

const run = promisify(execFile);
const LAUNCHER = programOf('@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** What the program exits with for a tool that says `isError`, its result printed all the same. */
const FAILED = 5;

/** `mcp-inspector --cli`: one process for each thing that it is asked. */
export function inspectorClient(
  { url, token }: Endpoint,
  { env }: Sandbox,
  era: 'legacy' | 'modern',
): AgentClient {
  const ask = async (method: string, ...more: string[]) => {
    const header = `authorization: Bearer ${token}`;
    const target = ['--cli', url, '--transport', 'http', '--protocol-era', era, '--header', header];
    const args = [LAUNCHER, ...target, '--format', 'json', '--quiet', '--method', method, ...more];
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 2 ** 24 }).catch(failed => {
      if (failed.code !== FAILED || failed.stdout === '') throw new Error(failed.stderr);
      return failed;
    });
    return JSON.parse(stdout).result;
  };
  return {
    list: async () => (await ask('tools/list')).tools.map(({ name }: { name: string }) => name),
    call: (name, args = {}) =>
      ask('tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)),
    close: async () => {},
  };
}
