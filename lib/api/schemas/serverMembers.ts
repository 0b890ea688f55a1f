import * as z from 'zod';
import { FREE_TEXT, SENSITIVE } from './common.ts';

export const ServiceName = z
  .string()
  .min(1)
  .max(255)
  .regex(FREE_TEXT, 'must not hold control characters')
  .meta({ id: 'ServiceName' });

export const MCPServerName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_-]+$/, 'may hold letters, digits, _ and -')
  .meta({ id: 'MCPServerName' });

/** `http://` passes the schema so that the URL check can say what it takes (`ALLOW_INSECURE_HTTP`). */
export const MCPServerEndpoint = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^https?:\/\/[a-zA-Z0-9.-]+(?::[0-9]+)?(?:\/.*)?$/, 'must be a URL like https://host/path')
  .meta({ id: 'MCPServerEndpoint' });

export const ServerDescription = z
  .string()
  .max(500)
  .regex(/^[\p{L}\p{N}\p{P}\p{S}\p{Z}]*$/u, 'must not hold control characters')
  .meta({ id: 'MCPServerDescription', ...SENSITIVE });

export const ApiKeyPrefix = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[!-~]+$/, 'must be printable ASCII without spaces')
  .meta({ id: 'ApiKeyPrefix' });

export const SigV4Region = z
  .string()
  .min(1)
  .max(50)
  .regex(/^(\*|[a-z]{2,4}(-[a-z]+)+-\d+)$/, 'must be an AWS region such as us-east-1')
  .meta({ id: 'SigV4Region' });

export const RoleArn = z
  .string()
  .min(1)
  .max(255)
  .regex(/^arn:aws:iam::\d{12}:role\/[a-zA-Z0-9+=,.@_/-]+$/, 'must be the ARN of an IAM role')
  .meta({ id: 'RoleArn' });

export const CustomHeaders = z
  .record(
    z
      .string()
      .min(1)
      .max(256)
      .regex(/^[a-zA-Z0-9-_]+$/, 'must be an HTTP header name')
      .meta({ id: 'CustomHeaderName' }),
    z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[!-~]([ \t]*[!-~])*$/, 'must be printable ASCII without line breaks or outer spaces')
      .meta({ id: 'CustomHeaderValue', ...SENSITIVE }),
  )
  .refine(headers => Object.keys(headers).length <= 10, 'at most 10 headers')
  .meta({ id: 'CustomHeaders', maxProperties: 10 });
