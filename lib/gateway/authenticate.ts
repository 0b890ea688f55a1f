import type { AccessTokenItem } from '../accessTokens/accessTokenItem.ts';
import type { AuthenticationRefusal } from '../audit/authenticationLog.ts';
import { readAccessToken } from '../identity/accessTokenText.ts';
import { tokenCaller } from '../identity/tokenCaller.ts';
import { findAccessToken, judgeAccessToken, type TokenVerdict } from '../identity/verifyAccessToken.ts';
import { createFreshCache } from './freshCache.ts';
import { unauthorized } from './refusal.ts';
import type { Agent, AgentRequest, GatewayDeps } from './types.ts';

/** Tokens in use at a time, about 1 KB each. */
const MAX_TOKENS = 10_000;

type Verdict = Extract<TokenVerdict, { ok: true }> | AuthenticationRefusal;

/** What a rotation undoes: a token that was just given is good at once. */
const RENEWABLE: readonly AuthenticationRefusal['reason'][] = ['wrong-secret', 'expired', 'outdated'];

/** What is known of a request before its body is. */
export type RequestHead = Omit<AgentRequest, 'body'>;

/** Finds out who sends a request. */
export interface Authentication {
  /** @throws GatewayRefusal; the trail tells why */
  authenticate(request: RequestHead): Promise<Agent>;
  /** Whether that would let a request in, asked before its body is read. */
  knows(head: RequestHead): Promise<boolean>;
}

/**
 * Lets in whoever holds an access token of the space, or has signed the request. Tokens are read with one GetItem, and
 * trusted for 5 s unless a rotation could let them in. Whoever is refused hears the same in every case; why is told in
 * the trail.
 */
export function createAuthentication(deps: GatewayDeps): Authentication {
  const tokens = createFreshCache<AccessTokenItem | undefined>(
    key => {
      const [accountId = '', tokenId = ''] = key.split('/');
      return findAccessToken({ accountId, tokenId }, deps);
    },
    { max: MAX_TOKENS, now: deps.now },
  );

  const verify = async (request: RequestHead): Promise<Verdict> => {
    if (request.headers.authorization === undefined) return { ok: false, reason: 'missing' };
    const parts = readAccessToken(bearerOf(request) ?? '');
    if (!parts) return { ok: false, reason: 'malformed' };
    const { agentSpaceId, sourceIp } = request;
    const now = deps.now();
    const key = `${parts.accountId}/${parts.tokenId}`;
    const judge = (item: AccessTokenItem | undefined): Verdict =>
      item
        ? judgeAccessToken(item, parts, { agentSpaceId, sourceIp, now }, deps.config)
        : { ok: false, reason: 'unknown' };
    const known = tokens.get(key);
    const verdict = judge(known instanceof Promise ? await known : known);
    // It may have been rotated since it was read.
    return !verdict.ok && RENEWABLE.includes(verdict.reason) ? judge(await tokens.get(key, now)) : verdict;
  };

  const authenticate = async (request: RequestHead): Promise<Agent> => {
    const { signer, agentSpaceId } = request;
    if (signer) return { accountId: signer.accountId, agentSpaceId, scope: 'operate', caller: signer };
    const { sourceIp } = request;
    const userAgent = request.headers['user-agent'] ?? '';
    const verdict = await verify(request);
    if (!verdict.ok) {
      deps.authentication.note(verdict, { agentSpaceId, sourceIp, userAgent });
      throw unauthorized();
    }
    const { token } = verdict;
    void deps.noteTokenUse(token);
    const caller = tokenCaller(token, { region: deps.config.region, sourceIp, userAgent });
    return { accountId: token.accountId, agentSpaceId, scope: token.scope, caller, token };
  };
  return { authenticate, knows: async head => head.signer !== undefined || (await verify(head)).ok };
}

/** RFC 6750, section 2.1: the header, and nowhere else. */
function bearerOf({ headers }: RequestHead): string | undefined {
  return /^bearer +(\S+)$/i.exec(headers.authorization?.trim() ?? '')?.[1];
}
