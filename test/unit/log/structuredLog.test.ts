import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportUnexpected } from '../../../lib/api/reportUnexpected.ts';
import type { LogFields } from '../../../lib/log/fields.ts';
import { structuredLog } from '../../../lib/log/structuredLog.ts';
import { inScope } from '../../../lib/scope.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The line that an event leaves, as text. */
function lineOf(event: string, fields: object): string {
  const lines: string[] = [];
  structuredLog(line => void lines.push(line))(event, fields as LogFields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('a log line', () => {
  it('tells request and trace', () => {
    vi.stubEnv(
      '_X_AMZN_TRACE_ID',
      'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    );
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'switchboard-dev');
    const text = inScope({ functionName: 'validateService', requestId: 'r-1' }, () =>
      lineOf('validation step', { step: 'tls', status: 'passed', durationMs: 12 }),
    );
    expect(JSON.parse(text)).toEqual({
      level: 'INFO',
      message: 'validation step',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'switchboard-dev',
      function: 'validateService',
      requestId: 'r-1',
      xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
      step: 'tls',
      status: 'passed',
      durationMs: 12,
    });
  });

  it('takes no trace from a header that is none', () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root="}, "secret": "x');
    expect(JSON.parse(lineOf('e', {}))).not.toHaveProperty('xray_trace_id');
  });

  it('tells fields of the list, in their form, and no others', () => {
    const fields = {
      serviceId: 'mcpserver-1',
      authorization: 'Bearer abc',
      durationMs: 'abc',
      code: 'has blanks',
    };
    const { level: _, message: _m, timestamp: _t, service: _s, ...told } = JSON.parse(lineOf('e', fields));
    expect(told).toEqual({ serviceId: 'mcpserver-1', durationMs: '[withheld]', code: '[withheld]' });
  });

  /** Looks like what people paste: of any alphabet, in headers, bodies, URLs. */
  const SECRET = 'Bearer sk-live-1234567890/abcdef+==';

  it('lets nothing through that holds a secret, whatever the fields are called', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'serviceId',
        'code',
        'error',
        'status',
        'durationMs',
        'tries',
        '__proto__',
        'constructor',
      ),
    );
    const value = fc.oneof(
      fc.constant(SECRET),
      fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}${SECRET}${after}`),
      fc.anything().map(inner => ({ inner, secret: SECRET })),
      fc.array(fc.constant(SECRET)),
      fc.constant(new Error(SECRET)),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), fields => {
        expect(lineOf('e', fields)).not.toContain('sk-live');
      }),
    );
  });

  it('is one line whatever a field holds', () => {
    fc.assert(
      fc.property(fc.string(), value => {
        expect(lineOf('e', { server: value, error: value, code: value })).not.toMatch(/[\n\r]/);
      }),
    );
  });
});

describe('a failure that nobody expected', () => {
  it('is told by request, trace, name and frames, without its message', () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation(text => lines.push(String(text)) > 0);
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-aa-bb;Sampled=0');
    const error = Object.assign(new TypeError('the token is sk-live-1'), {
      code: 'ECONNREFUSED',
      token: 'sk-live-1',
    });
    reportUnexpected('GetService', 'r-9', error);
    expect(lines.join('')).not.toContain('sk-live');
    expect(JSON.parse(lines.join(''))).toMatchObject({
      level: 'ERROR',
      message: 'request failed',
      operation: 'GetService',
      requestId: 'r-9',
      error: 'TypeError',
      code: 'ECONNREFUSED',
      xray_trace_id: '1-aa-bb',
      frames: expect.arrayContaining([expect.stringContaining('structuredLog.test.ts')]),
    });
  });
});
