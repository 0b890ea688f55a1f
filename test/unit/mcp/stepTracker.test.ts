import { describe, expect, it } from 'vitest';
import { McpError } from '../../../lib/mcp/mcpError.ts';
import { createStepTracker } from '../../../lib/mcp/stepTracker.ts';
import type { StepResult } from '../../../lib/mcp/types.ts';

function tracker(notApplicable = {}) {
  const clock = { time: 0 };
  const told: string[] = [];
  const onStep = ({ step, status, durationMs }: StepResult) => told.push(`${step} ${status} ${durationMs}`);
  return { clock, told, ...createStepTracker({ now: () => clock.time, onStep, notApplicable }) };
}

describe('the step tracker', () => {
  it('gives each step the time since the one before', () => {
    const { clock, told, passed } = tracker();
    clock.time = 10;
    passed('url');
    clock.time = 35;
    passed('tls');
    passed('tls');
    expect(told).toEqual(['url passed 10', 'address passed 25', 'tls passed 0']);
  });

  it('ends a step when it was first reached', () => {
    const { clock, told, passed, reached } = tracker();
    passed('http');
    clock.time = 30;
    reached('credential');
    clock.time = 60;
    reached('credential');
    clock.time = 100;
    passed('handshake');
    expect(told.slice(4)).toEqual(['transport passed 30', 'credential passed 0', 'handshake passed 70']);
  });

  it('skips what comes after a failure', () => {
    const { clock, steps, failed } = tracker();
    clock.time = 5;
    failed(new McpError('TLS_FAILED', 'No.'));
    expect(steps().map(({ step, status, durationMs }) => [step, status, durationMs])).toEqual([
      ['url', 'passed', 5],
      ['address', 'passed', 0],
      ['tls', 'failed', 0],
      ...['http', 'transport', 'credential', 'handshake', 'tools'].map(step => [step, 'skipped', 0]),
    ]);
    expect(steps()[2]).toMatchObject({ code: 'TLS_FAILED', message: 'No.' });
  });

  it('lets a later answer refute an earlier step', () => {
    const { told, steps, passed, failed } = tracker();
    passed('handshake');
    told.splice(0);
    failed(new McpError('CREDENTIAL_REJECTED', 'No.'));
    expect(told).toEqual(['credential failed 0', 'handshake skipped 0', 'tools skipped 0']);
    expect(steps()).toHaveLength(8);
    expect(steps()[4]?.status).toBe('passed');
  });

  it('does not claim that anything passed when only the credential is known to be bad', () => {
    const { steps, failed } = tracker();
    failed(new McpError('CREDENTIAL_REJECTED', 'No.'));
    expect(steps().filter(({ status }) => status === 'passed')).toEqual([]);
  });

  it('skips what does not apply, with the reason', () => {
    const { steps, passed, current } = tracker({ tls: 'There is none.' });
    passed('tools');
    expect(steps()[2]).toEqual({ step: 'tls', status: 'skipped', durationMs: 0, message: 'There is none.' });
    expect(current()).toBeUndefined();
  });
});
