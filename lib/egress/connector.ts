import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import connectorOf from 'undici/lib/core/connect.js';
import type { AddressRange } from '../addresses/cidr.ts';
import { type Attempt, currentAttempt, timed } from './attempt.ts';
import { explain, lateness } from './failures.ts';
import type { EgressLimits } from './limits.ts';
import type { EgressConfig, EgressPhase } from './types.ts';
import { EgressError } from './types.ts';
import { checkAddress, hostAndPort } from './urlPolicy.ts';

type Lookup = NonNullable<EgressConfig['lookup']>;
type Target = { url: URL; hostname: string; port: number; name: string };
type Judged = { address: string; family: number };

interface ConnectorOptions {
  lookup: Lookup;
  opened: readonly AddressRange[];
  secureContext: SecureContext | undefined;
  limits: EgressLimits;
}

/**
 * Opens connections for undici in steps: resolve, judge every address, connect to one of those, judge the peer,
 * then TLS with ALPN http/1.1 and full verification. Fails with an EgressError.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const upgrade = connectorOf({
    allowH2: false,
    timeout: options.limits.connectTimeoutMs,
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing here.
    rejectUnauthorized: true,
    ...(options.secureContext ? { secureContext: options.secureContext } : {}),
  });
  return (request, callback) => {
    open(request, upgrade, options, currentAttempt()).then(
      socket => callback(null, socket),
      error => callback(error, null),
    );
  };
}

async function open(
  request: buildConnector.Options,
  upgrade: buildConnector.connector,
  options: ConnectorOptions,
  attempt: Attempt | undefined,
) {
  const target = targetOf(request);
  const step = <T>(phase: EgressPhase, work: () => Promise<T>) =>
    timed(attempt, phase, work).catch(error => Promise.reject(explain(error, target.name, phase)));
  const addresses = await step('resolve', () => resolveJudged(target, options));
  const tcp = await step('connect', () => dial(target, addresses, options));
  const socket =
    target.url.protocol === 'http:' ? tcp : await step('tls', () => secure(tcp, request, upgrade));
  if (attempt?.over === false) Object.assign(attempt, { phase: 'request', readyAt: performance.now() });
  return socket;
}

function targetOf({ protocol, hostname, host, port }: buildConnector.Options): Target {
  const url = new URL(`${protocol}//${host ?? hostname}`);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  return { url, hostname, port: number, name: hostAndPort(url) };
}

async function resolveJudged(
  target: Target,
  { lookup, opened, limits }: ConnectorOptions,
): Promise<Judged[]> {
  const literal = [{ address: target.hostname, family: isIP(target.hostname) }];
  const late = () => lateness(target.name, 'resolve', limits.resolveTimeoutMs);
  const answers = isIP(target.hostname)
    ? literal
    : await inTime(lookup(target.hostname), limits.resolveTimeoutMs, late);
  if (answers.length === 0) throw Object.assign(new Error('no address'), { code: 'ENODATA' });
  for (const { address } of answers) checkAddress(target.url, address, opened);
  return answers.map(({ address }) => ({ address, family: isIP(address) }));
}

async function dial(
  target: Target,
  addresses: Judged[],
  { opened, limits }: ConnectorOptions,
): Promise<Socket> {
  const socket = connectTcp({
    host: target.hostname,
    port: target.port,
    autoSelectFamily: true,
    noDelay: true,
    lookup: (_name, { all }, answer) => {
      const [first] = addresses;
      if (all || !first) answer(null, addresses);
      else answer(null, first.address, first.family);
    },
  });
  // The listener stays: an error between two owners of the socket must not end the process.
  socket.on('error', () => {});
  const late = () => lateness(target.name, 'connect', limits.connectTimeoutMs);
  try {
    await inTime(connected(socket), limits.connectTimeoutMs, late);
    if (socket.remoteAddress === undefined)
      throw new EgressError('CONNECT_FAILED', 'connect', `${target.name} closed the connection at once.`);
    checkAddress(target.url, socket.remoteAddress, opened);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
}

function secure(
  tcp: Socket,
  request: buildConnector.Options,
  upgrade: buildConnector.connector,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    upgrade({ ...request, httpSocket: tcp }, (error, socket) => {
      if (!error) return resolve(socket);
      tcp.destroy();
      reject(error);
    });
  });
}

async function inTime<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
