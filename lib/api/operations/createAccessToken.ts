import * as z from 'zod';
import { operation } from '../operation.ts';
import { createAccessTokenMembers } from '../schemas/accessTokens.ts';
import { accessTokensPath, issuedAccessToken } from './shared/accessTokens.ts';

export const CreateAccessToken = operation({
  name: 'CreateAccessToken',
  method: 'POST',
  path: accessTokensPath,
  status: 201,
  input: z.strictObject(createAccessTokenMembers),
  output: issuedAccessToken,
  access: 'write',
  extension: true,
  errors: ['ResourceNotFoundException', 'ServiceQuotaExceededException', 'ContentSizeExceededException'],
  summary: 'Creates a token that agents reach an agent space with, and shows its value this once.',
});
