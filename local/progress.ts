import { chosen, type Log } from '../lib/log/fields.ts';

/** Tells a person what the server is doing, a line at a time. */
export type Progress = (line: string) => void;

/** Domain events as lines: `validation step server=… step=…`. Fields were chosen one by one where they arise. */
export function progressLog(say: Progress): Log {
  return (event, fields) => {
    const { requestId: _, ...shown } = chosen(fields);
    say(
      `${event}: ${Object.entries(shown)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
    );
  };
}
