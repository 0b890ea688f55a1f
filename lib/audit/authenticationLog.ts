import { randomUUID } from 'node:crypto';
import { AgentSpaceId } from '../api/schemas/ids.ts';
import type { Deps } from '../context.ts';
import { accessTokenResource, spaceResource } from '../identity/arn.ts';
import { tokenCaller } from '../identity/tokenCaller.ts';
import type {
  TokenRefusal,
  TokenRequest,
  TokenVerdict,
  VerifiedToken,
} from '../identity/verifyAccessToken.ts';
import { countByMinute, type MinuteCount } from './minuteCounts.ts';
import { type RefusedCalls, refusedCallsEvent } from './refusedCalls.ts';
import { writeEvent } from './writeEvent.ts';

/** `missing`: a request without a token. */
export type AuthenticationRefusal = Extract<TokenVerdict, { ok: false }> | { ok: false; reason: 'missing' };

export interface AuthenticationLog {
  /** Counts one refused request. Costs no write. */
  note(refusal: AuthenticationRefusal, request: TokenRequest & { userAgent: string }): void;
  /**
   * Writes what must not be lost: kinds of refusals that have no event yet, and the figures of minutes that are over.
   * Two writes per kind and minute at most. Never rejects; call it before a process may be frozen.
   */
  flush(): Promise<void>;
  /** Stops the timer and writes everything. */
  close(): Promise<void>;
}

interface LogDeps extends Pick<Deps, 'store' | 'config' | 'now' | 'sleep' | 'random'> {
  /** The deployment's account: its trail tells of callers that could not be verified. */
  accountId: string;
}

/** Refusals of one kind: of one token where one was proven. */
interface Refused {
  reason: AuthenticationRefusal['reason'];
  token?: VerifiedToken;
  /** Of the first one. */
  request: TokenRequest & { userAgent: string };
  addresses: Set<string>;
}

/** Kinds and minutes that are kept while the store is away; three kinds for each of 300 tokens in one minute. */
const MAX_KINDS = 1_000;

/** More addresses than this say that they are many, which is what matters. */
const MAX_ADDRESSES = 10;

/**
 * Keeps refused access tokens in the trail as `AuthenticateAccessToken` events: one per reason and minute for
 * callers that could not be verified, and one per token, reason and minute for those that could; for each process.
 */
export function createAuthenticationLog(deps: LogDeps): AuthenticationLog {
  const process = randomUUID();
  const counter = countByMinute<Refused>(
    entry => writeEvent(deps, refusedCallsEvent({ ...callsOf(entry, deps), process }, deps.config)),
    deps.now,
    MAX_KINDS,
  );
  return {
    note: (refusal, request) => {
      const token = 'token' in refusal ? refusal.token : undefined;
      const kind = [refusal.reason, token?.accountId, token?.tokenId].join(' ');
      const first = {
        reason: refusal.reason,
        ...(token ? { token } : {}),
        request,
        addresses: new Set<string>(),
      };
      const { addresses } = counter.count(kind, first);
      if (addresses.size < MAX_ADDRESSES) addresses.add(request.sourceIp);
    },
    flush: () => counter.flush(true),
    close: counter.close,
  };
}

function callsOf(entry: MinuteCount<Refused>, deps: LogDeps): RefusedCalls {
  const { subject, count, firstAt, lastAt } = entry;
  const { reason, message } = WORDS[subject.reason];
  const figures = { reason, message, count, firstSeen: firstAt, lastSeen: lastAt };
  const known = subject.token ? provenMembers(subject, subject.token, deps) : { accountId: deps.accountId };
  return { eventName: 'AuthenticateAccessToken', ...figures, ...known };
}

function provenMembers({ request, addresses }: Refused, token: VerifiedToken, deps: LogDeps) {
  const { region } = deps.config;
  const { accountId, tokenId, agentSpaceId, scope, clientType } = token;
  const place = { region, accountId };
  // Only what can be the id of a space: the path may hold anything, a secret too.
  const requested = AgentSpaceId.safeParse(request.agentSpaceId).success;
  return {
    accountId,
    caller: tokenCaller(token, { ...request, region }),
    resources: [accessTokenResource(place, agentSpaceId, tokenId), spaceResource(place, agentSpaceId)],
    ...(requested ? { requestParameters: { agentSpaceId: request.agentSpaceId } } : {}),
    details: { sourceAddresses: [...addresses], scope, clientType },
  };
}

/** Precise here; whoever is refused learns none of it. */
const WORDS: Readonly<Record<TokenRefusal | 'missing', { reason: string; message: string }>> = {
  missing: { reason: 'AccessTokenMissing', message: 'Requests without an access token.' },
  malformed: {
    reason: 'AccessTokenMalformed',
    message: 'Requests with something that is no access token, or with a mistyped one.',
  },
  unknown: {
    reason: 'AccessTokenUnknown',
    message: 'Requests with a token that is not there: revoked, or gone with its space, or made up.',
  },
  'wrong-secret': {
    reason: 'AccessTokenSecretWrong',
    message: 'Requests with the id of a token and another secret: the value before a rotation, or a guess.',
  },
  expired: { reason: 'AccessTokenExpired', message: 'The access token has expired.' },
  outdated: {
    reason: 'AccessTokenOutdated',
    message:
      'The value of the access token was made before TOKENS_VALID_FROM, such as before a restore. Rotate the token.',
  },
  'other-space': {
    reason: 'AccessTokenOfOtherSpace',
    message: 'The access token is of another agent space than the one that was asked for.',
  },
  'space-deleted': {
    reason: 'AccessTokenSpaceDeleted',
    message:
      'The agent space of the access token was deleted; the token is gone as soon as the rest of it is.',
  },
  'address-not-allowed': {
    reason: 'AccessTokenAddressNotAllowed',
    message: 'The access token may not be used from this address.',
  },
};
