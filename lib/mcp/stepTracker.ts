import type { McpError } from './mcpError.ts';
import { VALIDATION_STEPS } from './stepCodes.ts';
import type { StepResult, ValidationStep } from './types.ts';

export interface StepTracker {
  /** The first step that has not ended, if any. */
  current(): ValidationStep | undefined;
  /** Remembers that this step is done for all that is known, without ending it. */
  reached(step: ValidationStep): void;
  /** Ends this step and every open one before it as passed, those that were reached as of then. */
  passed(step: ValidationStep): void;
  /** Ends the failed step; open ones before it passed, or stay undecided, and all after it are skipped. */
  failed(error: McpError): void;
  /** All eight steps in order. */
  steps(): StepResult[];
}

export interface TrackerOptions {
  now: () => number;
  /** Told each step as it ends. A step that a later answer refutes is told again, as failed. */
  onStep?: ((step: StepResult) => void) | undefined;
  /** Steps that do not apply, with the reason. */
  notApplicable?: Partial<Record<ValidationStep, string>>;
}

const NOT_CHECKED = 'Not checked, because an earlier check failed.';
/** A server that turns a credential away shows nothing else of itself. */
const UNDECIDED = 'Not decided, because the credential was refused first.';

type Outcome = Omit<StepResult, 'step' | 'durationMs'>;

/** Times the checks of one validation. */
export function createStepTracker({ now, onStep, notApplicable = {} }: TrackerOptions): StepTracker {
  const ended = new Map<ValidationStep, StepResult>();
  const reachedAt = new Map<ValidationStep, number>();
  let since = now();

  const end = (step: ValidationStep, outcome: Outcome, at = now()) => {
    const result = { step, durationMs: Math.max(0, Math.round(at - since)), ...outcome };
    since = Math.max(since, at);
    ended.set(step, result);
    onStep?.(result);
  };
  const endOpen = (steps: readonly ValidationStep[], outcome: Outcome) => {
    for (const step of steps) {
      const reason = notApplicable[step];
      if (ended.has(step)) continue;
      end(step, reason ? { status: 'skipped', message: reason } : outcome, firstReached(step));
    }
  };
  const firstReached = (step: ValidationStep) => {
    const times = [step, ...after(step)].flatMap(one => reachedAt.get(one) ?? []);
    return times.length > 0 ? Math.min(...times) : undefined;
  };

  return {
    current: () => VALIDATION_STEPS.find(step => !ended.has(step)),
    reached(step) {
      if (!reachedAt.has(step)) reachedAt.set(step, now());
    },
    passed: step => endOpen(upTo(step), { status: 'passed' }),
    failed({ step, code, message }) {
      endOpen(
        before(step),
        step === 'credential' ? { status: 'skipped', message: UNDECIDED } : { status: 'passed' },
      );
      end(step, { status: 'failed', code, message });
      for (const later of after(step)) ended.delete(later);
      reachedAt.clear();
      endOpen(after(step), { status: 'skipped', message: NOT_CHECKED });
    },
    steps: () => VALIDATION_STEPS.flatMap(step => ended.get(step) ?? []),
  };
}

function before(step: ValidationStep): readonly ValidationStep[] {
  return VALIDATION_STEPS.slice(0, VALIDATION_STEPS.indexOf(step));
}

function upTo(step: ValidationStep): readonly ValidationStep[] {
  return [...before(step), step];
}

function after(step: ValidationStep): readonly ValidationStep[] {
  return VALIDATION_STEPS.slice(VALIDATION_STEPS.indexOf(step) + 1);
}
