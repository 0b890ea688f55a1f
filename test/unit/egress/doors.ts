import type { RequestListener } from 'node:http';
import { createEgress } from '../../../lib/egress/egress.ts';
import type { EgressLimits } from '../../../lib/egress/limits.ts';
import { type Egress, EgressError, type EgressOptions } from '../../../lib/egress/types.ts';
import { sharedTestCa } from '../../support/certificates.ts';
import { type Peer, type PeerOptions, startTlsServer } from '../../support/mcp/tlsServer.ts';

/** Loopback stands for the public internet. */
const loopback = ['127.0.0.0/8', '::1/128'];

export type Lookup = (hostname: string) => Promise<{ address: string; family: 4 | 6 }[]>;

const toLoopback: Lookup = async () => [{ address: '127.0.0.1', family: 4 }];

export interface DoorOptions {
  allowedPrivateCidrs?: readonly string[];
  allowInsecureHttp?: boolean;
  ownHosts?: readonly string[];
  lookup?: Lookup;
  limits?: Partial<EgressLimits>;
  now?: () => number;
  withoutCa?: boolean;
}

const open: (() => Promise<unknown>)[] = [];

/** Closes what the other functions here opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

export function closeLater(close: () => Promise<unknown>): void {
  open.push(close);
}

/** An egress that trusts the test authority and reaches loopback. */
export async function door(options: DoorOptions = {}): Promise<Egress> {
  const { caPem } = await sharedTestCa();
  const egress = createEgress(
    {
      allowedPrivateCidrs: options.allowedPrivateCidrs ?? loopback,
      allowInsecureHttp: options.allowInsecureHttp ?? false,
      ownHosts: options.ownHosts ?? [],
      lookup: options.lookup ?? toLoopback,
      ...(options.withoutCa ? {} : { extraCaPem: caPem }),
    },
    options.limits,
    options.now,
  );
  open.push(() => egress.close());
  return egress;
}

/** Generous bounds for one account's MCP requests. */
export function asks(options: Partial<EgressOptions> = {}): EgressOptions {
  return {
    accountId: '111111111111',
    redirects: 'same-origin',
    maxResponseBytes: 1_000_000,
    headersTimeoutMs: 10_000,
    ...options,
  };
}

/** An HTTPS server on loopback. */
export async function serve(listener: RequestListener, options: PeerOptions = {}): Promise<Peer> {
  const peer = await startTlsServer(listener, options);
  open.push(() => peer.close());
  return peer;
}

/** What the work failed with, as an EgressError; throws when it is none. */
export async function egressFailure(work: Promise<unknown>): Promise<EgressError> {
  const outcome = await work.then(
    value => new Error(`did not fail: ${String(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof EgressError) return outcome;
  throw outcome;
}
