import { currentScope } from '../scope.ts';
import { chosen, type Log } from './fields.ts';

export type Level = 'INFO' | 'ERROR';

/**
 * A line of JSON with the members that AWS Lambda Powertools gives its lines, so that its queries fit: who logs, for
 * which request and trace, and fields of the allow-list.
 * @param frames of an error's stack, without its message
 */
export function logLine(
  level: Level,
  message: string,
  fields: Readonly<Record<string, unknown>>,
  frames?: readonly string[],
): string {
  const scope = currentScope();
  return JSON.stringify({
    level,
    message,
    timestamp: new Date().toISOString(),
    service: process.env.POWERTOOLS_SERVICE_NAME ?? 'switchboard',
    ...(scope && { function: scope.functionName, requestId: scope.requestId }),
    ...traceOf(process.env._X_AMZN_TRACE_ID),
    ...chosen(fields),
    ...(frames && { frames }),
  });
}

/** The trace that Lambda's runtime names for the invocation at hand (X-Ray, "Tracing header"). */
function traceOf(header: string | undefined): { xray_trace_id?: string } {
  const [, root] = /(?:^|;)Root=([\w-]{1,64})(?:;|$)/.exec(header ?? '') ?? [];
  return root ? { xray_trace_id: root } : {};
}

/** Progress as lines of standard output, which Lambda takes to CloudWatch Logs. */
export function structuredLog(
  write: (line: string) => void = line => void process.stdout.write(`${line}\n`),
): Log {
  return (event, fields) => write(logLine('INFO', event, fields));
}
