import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { ValidationStatus, ValidationSteps } from '../api/schemas/validation.ts';
import type { RequestContext } from '../context.ts';
import { errorName } from '../log/errorName.ts';
import type { StepResult } from '../mcp/types.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import type { CheckFor } from './check.ts';
import type { ServerDeps } from './serverDeps.ts';

/** How far a validation has come whose caller gave it an id. */
export interface ValidationItem extends Key {
  validationId: string;
  status: ValidationStatus;
  /** Those that have ended, in order. */
  steps: Readonly<z.input<typeof ValidationSteps>>;
  startedAt: string;
  updatedAt: string;
  /** The call that it belongs to: a later one under the same id takes its place. */
  requestId: string;
  /** Epoch seconds; from then on it is not shown, whether removed or not. */
  expiresAt: number;
}

type Progress = Pick<ValidationItem, 'status' | 'steps'>;

/** Seconds from the beginning: a validation ends within 29, and whoever lost its answer may still look. */
const KEPT_SECONDS = 600;

export interface Followed {
  /** Without one nothing is kept. */
  validationId: string | undefined;
  /** Steps as callers see them. */
  shown?: (steps: readonly StepResult[]) => ValidationItem['steps'];
}

/**
 * Runs a validation whose caller may follow it with GetValidation: each step is kept as it ends, and at last the report's.
 * The checks do not wait for that: what ends while one write is under way goes into the next, so that there are never
 * more writes than steps. What cannot be kept is logged, and changes nothing.
 */
export async function followed<T extends { report: { valid: boolean; steps: ValidationItem['steps'] } }>(
  { validationId, shown = steps => steps }: Followed,
  ctx: RequestContext,
  deps: ServerDeps,
  run: (ctx: RequestContext & Pick<CheckFor, 'onSteps'>) => Promise<T>,
): Promise<T> {
  if (validationId === undefined) return run(ctx);
  const keeper = progressKeeper(validationId, ctx, deps);
  let steps: ValidationItem['steps'] = [];
  keeper.keep({ status: 'IN_PROGRESS', steps });
  const onSteps = (ended: readonly StepResult[]) => {
    steps = shown(ended);
    keeper.keep({ status: 'IN_PROGRESS', steps });
  };
  try {
    const output = await run({ ...ctx, onSteps });
    const { report } = output;
    keeper.keep({ status: report.valid ? 'SUCCEEDED' : 'FAILED', steps: report.steps });
    return output;
  } catch (error) {
    keeper.keep({ status: 'FAILED', steps });
    throw error;
  } finally {
    // A function that has answered is frozen.
    await keeper.settled();
  }
}

/** Writes one state at a time, the latest. */
function progressKeeper(validationId: string, ctx: RequestContext, deps: ServerDeps) {
  let latest: Progress | undefined;
  let writing: Promise<void> | undefined;
  async function writeAll(): Promise<void> {
    // Steps that end at the same moment are one write.
    await null;
    while (latest) {
      const progress = latest;
      latest = undefined;
      try {
        await write(validationId, progress, ctx, deps);
      } catch (error) {
        deps.log('validation progress not kept', { requestId: ctx.requestId, error: errorName(error) });
      }
    }
    writing = undefined;
  }
  return {
    keep(progress: Progress): void {
      latest = progress;
      writing ??= writeAll();
    },
    settled: async () => writing,
  };
}

/** @throws ConditionalCheckFailedException where a later call has the id now */
async function write(
  validationId: string,
  progress: Progress,
  { caller, requestId, at }: RequestContext,
  deps: ServerDeps,
): Promise<void> {
  const startedAt = new Date(at).toISOString();
  const item: ValidationItem = {
    ...keys.validation(caller.accountId, validationId),
    validationId,
    ...progress,
    startedAt,
    updatedAt: new Date(deps.now()).toISOString(),
    requestId,
    expiresAt: Math.floor(at / 1000) + KEPT_SECONDS,
  };
  await deps.store.send(
    new PutCommand({
      TableName: deps.config.tableName,
      Item: { ...item, v: SCHEMA_VERSION },
      ConditionExpression: 'attribute_not_exists(pk) OR startedAt < :startedAt OR requestId = :requestId',
      ExpressionAttributeValues: { ':startedAt': startedAt, ':requestId': requestId },
    }),
  );
}
