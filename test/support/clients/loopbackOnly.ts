import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Loaded into client programs ahead of their own code (`--import`): a connection that would leave the machine fails,
 * and its host is added to the file that LEFT_LOOPBACK names.
 */
const { LEFT_LOOPBACK = '' } = process.env;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

const connect = Socket.prototype.connect;

Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host !== undefined && !LOOPBACK.test(host)) {
    appendFileSync(LEFT_LOOPBACK, `${host}\n`);
    throw new Error(`Connections to ${host} are not for tests.`);
  }
  return connect.apply(this, args as never);
} as typeof connect;

/** The host of the arguments of `connect`, which Node's own callers pass as one array; none for a socket file. */
function hostOf(args: unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first !== 'object') return typeof second === 'string' ? second : undefined;
  return (first as { host?: string } | null)?.host;
}
