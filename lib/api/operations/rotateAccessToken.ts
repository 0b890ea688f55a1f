import { operation } from '../operation.ts';
import { accessTokensPath, issuedAccessToken, oneAccessToken } from './shared/accessTokens.ts';

export const RotateAccessToken = operation({
  name: 'RotateAccessToken',
  method: 'POST',
  path: `${accessTokensPath}/{tokenId}/rotate`,
  status: 200,
  input: oneAccessToken,
  output: issuedAccessToken,
  access: 'write',
  extension: true,
  errors: ['ResourceNotFoundException', 'ConflictException', 'ServiceQuotaExceededException'],
  summary: 'Gives an access token a new value and a fresh period; the old value is dead at once.',
});
