import type { Egress } from '../egress/types.ts';
import { DiscoveryError, egressCause } from './discoveryErrors.ts';

/** Milliseconds for one answer; there are up to six of them, and a registration, before API Gateway's 29 s end. */
const HEADERS_TIMEOUT_MS = 5_000;
/** Milliseconds for all of discovery and registration, so that whoever waits still gets the answer. */
const DISCOVERY_BUDGET_MS = 20_000;
/** Bytes of one document: metadata of large providers is below 10 KB. */
const MAX_METADATA_BYTES = 128 * 1024;

/** What discovery needs of the world. */
export interface DiscoveryDeps {
  accountId: string;
  egress: Egress;
}

/** Requests of one discovery; it remembers the last, since the SDK's errors do not say which failed. */
export interface DiscoveryFetch {
  /** Follows no redirect. */
  fetch: typeof fetch;
  /** For the endpoint itself, which may redirect within its origin, as when it is used. */
  endpointFetch: typeof fetch;
  last: { origin: string; status?: number };
}

/** Fetches for one discovery, within its budget. */
export function discoveryFetch({ accountId, egress }: DiscoveryDeps): DiscoveryFetch {
  const signal = AbortSignal.timeout(DISCOVERY_BUDGET_MS);
  const last: DiscoveryFetch['last'] = { origin: '' };
  const bounds = {
    accountId,
    maxResponseBytes: MAX_METADATA_BYTES,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
    signal,
  };
  const watched = (door: typeof fetch): typeof fetch => {
    return async (input, init) => {
      last.origin = URL.parse(String(input))?.origin ?? '';
      delete last.status;
      const response = await door(input, init);
      last.status = response.status;
      return response;
    };
  };
  return {
    fetch: watched(egress.fetchFor({ ...bounds, redirects: 'none' })),
    endpointFetch: watched(egress.fetchFor({ ...bounds, redirects: 'same-origin' })),
    last,
  };
}

/** A failed look at metadata as the refusal that it is; nothing of an answer's text is repeated. */
export function metadataFailure(error: unknown, what: string, { last }: DiscoveryFetch) {
  const egress = egressCause(error);
  if (egress) return new DiscoveryError('DISCOVERY_METADATA_INVALID', `${what}: ${egress.message}`);
  const { status } = last;
  const said =
    status === undefined
      ? 'it did not answer in time'
      : status === 200
        ? 'the answer is no such metadata'
        : `it answered HTTP ${status}`;
  return new DiscoveryError('DISCOVERY_METADATA_INVALID', `${what}: ${said}.`);
}
