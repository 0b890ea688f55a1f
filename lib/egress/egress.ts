import { lookup as systemLookup } from 'node:dns/promises';
import { LRUCache } from 'lru-cache';
import { parseAllowedPrivateCidrs } from './addressPolicy.ts';
import { type Attempt, during } from './attempt.ts';
import { guardedConnector } from './connector.ts';
import { type Answer, exchange } from './exchange.ts';
import { explain, lateness } from './failures.ts';
import { type EgressLimits, egressLimits } from './limits.ts';
import { type Outgoing, outgoingHeaders, readOutgoing } from './outgoing.ts';
import { createPools, type Pools } from './pools.ts';
import { headersForHop, nextHop } from './redirects.ts';
import { callersSignal, orAborted, type RequestSignal, requestSignal } from './requestSignal.ts';
import { type Arrived, drop, toAnswer, toResponse } from './response.ts';
import { trustWith } from './trustedRoots.ts';
import type {
  Egress,
  EgressAnswer,
  EgressConfig,
  EgressOptions,
  EgressRequest,
  SendOptions,
} from './types.ts';
import { checkOwnHosts, checkUrl, hostAndPort, type UrlRules } from './urlPolicy.ts';

/** Endpoints whose form is remembered: as many as there are pools. */
const MAX_URLS = 256;

/** What every request through one egress shares. */
interface Door {
  rules: UrlRules;
  /** By the text that they were given as; not to be changed. */
  urls: LRUCache<string, URL>;
  pools: Pools;
  limits: EgressLimits;
}

/**
 * The guarded way out. Ignores proxies named in the environment. Throws an Error that names the variable when the
 * configuration is wrong. `limits` and `now` (milliseconds, wall clock) are for tests.
 */
export function createEgress(
  config: EgressConfig,
  limits: Partial<EgressLimits> = {},
  now: () => number = Date.now,
): Egress {
  checkOwnHosts(config.ownHosts);
  const { allowInsecureHttp, ownHosts } = config;
  const bounds = { ...egressLimits, ...limits };
  const opened = parseAllowedPrivateCidrs(config.allowedPrivateCidrs);
  const secureContext = trustWith(config.extraCaPem);
  const lookup = config.lookup ?? lookupAll;
  const connector = () => guardedConnector({ lookup, opened, secureContext, limits: bounds });
  const pools = createPools(connector, bounds, now);
  const urls = new LRUCache<string, URL>({ max: MAX_URLS });
  const door: Door = { rules: { allowInsecureHttp, ownHosts, opened }, urls, pools, limits: bounds };
  return {
    fetchFor: options => (input, init) =>
      guardedFetch(door, options, input as string | URL | Request, init ?? {}),
    send: (options, request) => guardedSend(door, options, request),
    close: () => pools.close(),
  };
}

async function lookupAll(hostname: string): Promise<{ address: string; family: 4 | 6 }[]> {
  const answers = await systemLookup(hostname, { all: true });
  return answers.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

async function guardedFetch(
  door: Door,
  options: EgressOptions,
  input: string | URL | Request,
  init: RequestInit,
): Promise<Response> {
  const own = init.signal === undefined && input instanceof Request ? input.signal : init.signal;
  const callers = [own, options.signal].filter(signal => signal != null);
  const host = hostOf(input);
  const attempt = newAttempt(options);
  const late = () => lateness(host, attempt.phase, options.headersTimeoutMs);
  const request = requestSignal(callers, options.headersTimeoutMs, late);
  const read = () => readOutgoing(input, init, door.rules);
  return guarded(door, options, { host: () => host, request, attempt, read, finish: toResponse });
}

function guardedSend(
  door: Door,
  options: SendOptions,
  { url: given, method, headers, body, signal }: EgressRequest,
): Promise<EgressAnswer> {
  const read = () => {
    const url = knownUrl(door, given);
    return { url, method, headers: outgoingHeaders(headers, url), body, refusesRedirects: false };
  };
  const request = callersSignal(signal);
  return guarded(door, options, {
    host: () => hostOf(given),
    request,
    attempt: newAttempt(options),
    read,
    finish: toAnswer,
  });
}

/** A URL that is asked for again and again is judged once: the verdict on its form depends on nothing else. */
function knownUrl({ rules, urls }: Door, given: string): URL {
  const known = urls.get(given);
  if (known) return known;
  const url = checkUrl(given, rules);
  urls.set(given, url);
  return url;
}

/** A request under all that bounds it. */
interface Call<T> {
  /** `host:port`, for messages. */
  host(): string;
  request: RequestSignal;
  attempt: Attempt;
  read(): Outgoing | Promise<Outgoing>;
  finish(arrived: Arrived): T;
}

function newAttempt({ onPhase }: SendOptions): Attempt {
  return { phase: 'url', readyAt: 0, over: false, onPhase };
}

async function guarded<T>(door: Door, options: SendOptions, call: Call<T>): Promise<T> {
  const { request, attempt } = call;
  try {
    request.signal.throwIfAborted();
    const read = call.read();
    const outgoing = read instanceof Promise ? await orAborted(read, request.signal) : read;
    return await follow(door, options, outgoing, request, attempt, call.finish);
  } catch (error) {
    request.release();
    const caller = request.callersReason();
    if (caller) throw caller.reason;
    throw error instanceof TypeError ? error : explain(error, call.host(), attempt.phase);
  } finally {
    attempt.over = true;
  }
}

/** Requests, until an answer leads nowhere else: its headers have arrived, its body has not. */
async function follow<T>(
  door: Door,
  options: SendOptions,
  outgoing: Outgoing,
  request: RequestSignal,
  attempt: Attempt,
  finish: (arrived: Arrived) => T,
): Promise<T> {
  const { method, body } = outgoing;
  const mode = outgoing.refusesRedirects ? 'none' : options.redirects;
  let { url, headers } = outgoing;
  for (let followed = 0; ; followed++) {
    begin(attempt);
    const wanted = { path: url.pathname + url.search, method, headers, body };
    const { origin } = url;
    const answer = await during(attempt, () =>
      exchange(door.pools.take(options.accountId, origin), wanted, request.signal),
    );
    answered(attempt);
    try {
      const next = nextHop(redirectAnswer(answer), url, followed, { mode, limit: door.limits.redirects });
      if (!next) {
        request.headersArrived();
        const { bodyIdleTimeoutMs = door.limits.bodyIdleTimeoutMs, maxResponseBytes } = options;
        return finish({ answer, url, method, request, bounds: { maxResponseBytes, bodyIdleTimeoutMs } });
      }
      drop(answer);
      headers = headersForHop(headers, url, next, options.credentialHeaders ?? []);
      url = checkUrl(next.href, door.rules);
    } catch (error) {
      drop(answer);
      throw error;
    }
  }
}

function begin(attempt: Attempt): void {
  attempt.phase = 'request';
  attempt.readyAt = performance.now();
}

function answered(attempt: Attempt): void {
  attempt.onPhase?.('request', performance.now() - attempt.readyAt);
  attempt.phase = 'response';
}

function redirectAnswer({ status, headers: { location } }: Answer) {
  return { status, location: location === undefined ? null : String(location) };
}

/** `host:port` for messages. */
function hostOf(input: string | URL | Request): string {
  const text = typeof input === 'object' && 'url' in input ? input.url : String(input);
  const url = URL.parse(text);
  return url ? hostAndPort(url) : 'the server';
}
