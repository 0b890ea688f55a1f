import * as z from 'zod';
import { AccessToken, AccessTokenValue } from '../../schemas/accessTokens.ts';
import { AccessTokenId, AgentSpaceId } from '../../schemas/ids.ts';

export const accessTokensPath = '/v1/agentspaces/{agentSpaceId}/access-tokens';
export const oneAccessToken = z.strictObject({ agentSpaceId: AgentSpaceId, tokenId: AccessTokenId });

/** What creating a token and rotating it answer with: nothing else ever holds the value. */
export const issuedAccessToken = z.object({ accessToken: AccessToken, tokenValue: AccessTokenValue });
