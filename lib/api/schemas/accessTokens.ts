import * as z from 'zod';
import { FREE_TEXT, SENSITIVE, Timestamp } from './common.ts';
import { AccessTokenId, AgentSpaceId } from './ids.ts';

const AccessTokenName = z
  .string()
  .min(1)
  .max(128)
  .regex(FREE_TEXT, 'must not hold control characters')
  .meta({ id: 'AccessTokenName' });

/** `operate` also calls tools that change things. */
const AccessTokenScope = z.enum(['read', 'operate']).meta({ id: 'AccessTokenScope' });

const AccessTokenClientType = z.enum(['human', 'agent']).meta({ id: 'AccessTokenClientType' });

/** A token that nobody looks after must end by itself: two months at most. */
const ExpiresInDays = z.number().int().min(1).max(60).meta({ id: 'AccessTokenExpiresInDays' });

/** What is wrong with a range is said by the operation; here only what could be one at all. */
const AddressRange = z
  .string()
  .min(2)
  .max(64)
  .regex(/^[0-9A-Fa-f.:/]+$/, 'is not a CIDR range; write it like 10.0.0.0/8 or fd00::/8')
  .meta({ id: 'AddressRange' });

/** Twenty ranges describe any network that a person can oversee, and are judged at every call. */
const AllowedCidrs = z.array(AddressRange).min(1).max(20).meta({ id: 'AllowedCidrs' });

/** The token itself. It is in the answer that made it, and nowhere else. */
export const AccessTokenValue = z.string().meta({ id: 'AccessTokenValue', ...SENSITIVE });

export const AccessToken = z
  .object({
    tokenId: AccessTokenId,
    agentSpaceId: AgentSpaceId,
    name: AccessTokenName,
    scope: AccessTokenScope,
    clientType: AccessTokenClientType,
    allowedCidrs: AllowedCidrs.optional(),
    status: z.enum(['active', 'expired']).meta({ id: 'AccessTokenStatus' }),
    expiresInDays: ExpiresInDays,
    expiresAt: Timestamp,
    createdAt: Timestamp,
    createdBy: z.string().meta({ id: 'CreatorArn' }),
    rotatedAt: Timestamp.optional(),
    lastUsedAt: Timestamp.optional(),
  })
  .meta({ id: 'AccessToken' });

export const createAccessTokenMembers = {
  agentSpaceId: AgentSpaceId,
  name: AccessTokenName,
  scope: AccessTokenScope,
  clientType: AccessTokenClientType.optional(),
  expiresInDays: ExpiresInDays.optional(),
  allowedCidrs: AllowedCidrs.optional(),
};
