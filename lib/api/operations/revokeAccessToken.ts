import { operation } from '../operation.ts';
import { nothing } from '../schemas/common.ts';
import { accessTokensPath, oneAccessToken } from './shared/accessTokens.ts';

export const RevokeAccessToken = operation({
  name: 'RevokeAccessToken',
  method: 'POST',
  path: `${accessTokensPath}/{tokenId}/revoke`,
  status: 204,
  input: oneAccessToken,
  output: nothing,
  access: 'write',
  extension: true,
  errors: ['ResourceNotFoundException'],
  summary: 'Ends an access token for good.',
});
