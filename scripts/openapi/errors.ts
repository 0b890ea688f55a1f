import * as z from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { statusOf } from '../../lib/api/errorResponse.ts';
import type { FailureCode } from '../../lib/api/errors.ts';

const PlainError = z
  .object({ message: z.string(), __type: z.string().optional().meta({ description: 'The error code.' }) })
  .meta({ id: 'Error', description: 'What every failed request is answered with.' });

const ValidationError = z
  .object({
    message: z.string(),
    __type: z.string().optional().meta({ description: 'The error code.' }),
    fieldList: z
      .array(
        z
          .object({
            path: z.string().meta({ description: 'JSON Pointer (RFC 6901) into the request.' }),
            message: z.string(),
          })
          .meta({ id: 'ValidationExceptionField' }),
      )
      .optional(),
  })
  .meta({ id: 'ValidationError', description: 'Bad input, field by field.' });

/** The responses that {@link errorResponses} refers to: of codes that are alone under their status. */
export function sharedErrorResponses(
  perOperation: readonly (readonly FailureCode[])[],
): Record<string, ZodOpenApiResponseObject> {
  const alone = perOperation.flatMap(codes =>
    byStatus(codes).flatMap(([, group]) => (group.length > 1 ? [] : group)),
  );
  return Object.fromEntries([...new Set(alone)].sort().map(code => [code, errorResponse([code])]));
}

/** The error responses of one operation by status; codes that share a status share its entry. */
export function errorResponses(codes: readonly FailureCode[]): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    byStatus(codes).map(([status, group]) => [
      status,
      group.length > 1 ? errorResponse(group) : { $ref: `#/components/responses/${group[0]}` },
    ]),
  ) as ZodOpenApiResponsesObject;
}

function byStatus(codes: readonly FailureCode[]): [status: string, codes: FailureCode[]][] {
  return [...Map.groupBy(codes, code => String(statusOf({ code })))].sort();
}

function errorResponse(codes: readonly FailureCode[]): ZodOpenApiResponseObject {
  const text = { type: 'string' as const };
  return {
    description: codes.join(', '),
    headers: {
      'x-amzn-errortype': { description: 'The error code.', schema: { ...text, enum: [...codes] } },
      'x-amzn-requestid': { description: 'Quote it when you ask.', schema: text },
      ...(codes.includes('ThrottlingException') && {
        'retry-after': { description: 'Seconds, where known.', schema: { type: 'integer' as const } },
      }),
    },
    content: {
      'application/json': { schema: codes.includes('ValidationException') ? ValidationError : PlainError },
    },
  };
}
