import { statusOf } from '../lib/api/errorResponse.ts';
import type { FailureCode } from '../lib/api/errors.ts';
import { type Resource, ref } from './cloudformation.ts';

/** What API Gateway answers by itself, as the error that the embedded server would answer with. */
const CODES = {
  ACCESS_DENIED: 'AccessDeniedException',
  AUTHORIZER_CONFIGURATION_ERROR: 'InternalServerException',
  AUTHORIZER_FAILURE: 'InternalServerException',
  API_CONFIGURATION_ERROR: 'InternalServerException',
  BAD_REQUEST_BODY: 'ValidationException',
  BAD_REQUEST_PARAMETERS: 'ValidationException',
  DEFAULT_4XX: 'ValidationException',
  DEFAULT_5XX: 'InternalServerException',
  EXPIRED_TOKEN: 'UnrecognizedClientException',
  INTEGRATION_FAILURE: 'InternalServerException',
  INTEGRATION_TIMEOUT: 'ServiceUnavailableException',
  INVALID_API_KEY: 'UnrecognizedClientException',
  INVALID_SIGNATURE: 'InvalidSignatureException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  QUOTA_EXCEEDED: 'ThrottlingException',
  REQUEST_TOO_LARGE: 'ContentSizeExceededException',
  RESOURCE_NOT_FOUND: 'UnknownOperationException',
  THROTTLED: 'ThrottlingException',
  UNAUTHORIZED: 'UnrecognizedClientException',
  UNSUPPORTED_MEDIA_TYPE: 'ValidationException',
  WAF_FILTERED: 'AccessDeniedException',
} as const satisfies Record<string, FailureCode>;

/** These two cover several causes: the cause's own status stands. */
const MANY_CAUSES = new Set(['DEFAULT_4XX', 'DEFAULT_5XX']);

function gatewayResponse(type: string, code: FailureCode): Resource {
  return {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: ref('ApiGatewayRestApi'),
      ResponseType: type,
      ...(!MANY_CAUSES.has(type) && { StatusCode: String(statusOf({ code })) }),
      ResponseParameters: { 'gatewayresponse.header.x-amzn-errortype': `'${code}'` },
      ResponseTemplates: {
        // API Gateway quotes messageString; any other spelling could break the JSON.
        'application/json': `{"__type":"${code}","message":$context.error.messageString}`,
      },
    },
  };
}

export const gatewayResponses: Record<string, Resource> = Object.fromEntries(
  Object.entries(CODES).map(([type, code]) => [logicalId(type), gatewayResponse(type, code)]),
);

function logicalId(type: string): string {
  const words = type.toLowerCase().split('_');
  return `Response${words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}
