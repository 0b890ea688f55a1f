import { fail } from '../../lib/api/errors.ts';

/** AWS's own tolerance for SigV4 requests. */
const MAX_SKEW_MS = 5 * 60_000;

/** When a request says it was signed. */
export interface SigningTime {
  at: Date;
  /** `YYYYMMDDTHHMMSSZ` */
  text: string;
}

/**
 * Reads the time of signing: `x-amz-date`, else `date` (RFC 9110, 5.6.7).
 * @throws IncompleteSignatureException
 */
export function signingTime(amzDate: string | undefined, date: string | undefined): SigningTime {
  if (amzDate !== undefined) return fromAmzDate(amzDate);
  if (date === undefined) {
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) throw incomplete('The Date header is not an HTTP date.');
  return { at, text: amzDateOf(at) };
}

/**
 * Refuses requests that were signed more than 5 minutes away from `now` (epoch milliseconds).
 * @throws InvalidSignatureException that tells both times, so that a wrong clock shows
 */
export function checkSkew({ at, text }: SigningTime, now: number): void {
  const current = amzDateOf(new Date(now));
  if (at.getTime() < now - MAX_SKEW_MS) {
    const limit = amzDateOf(new Date(now - MAX_SKEW_MS));
    throw refused(`Signature expired: ${text} is now earlier than ${limit} (${current} - 5 min.)`);
  }
  if (at.getTime() > now + MAX_SKEW_MS) {
    const limit = amzDateOf(new Date(now + MAX_SKEW_MS));
    throw refused(`Signature not yet current: ${text} is still later than ${limit} (${current} + 5 min.)`);
  }
}

function fromAmzDate(text: string): SigningTime {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const [, year, month, day, hour, minute, second] = match ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Re-printing catches dates that JavaScript rolls over, such as 30 February.
  if (Number.isNaN(at.getTime()) || amzDateOf(at) !== text) {
    throw incomplete('Date must be in ISO-8601 basic format: YYYYMMDDTHHMMSSZ.');
  }
  return { at, text };
}

/** ISO 8601 basic format, as SigV4 writes it. */
function amzDateOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

function incomplete(message: string) {
  return fail('IncompleteSignatureException', message);
}

function refused(message: string) {
  return fail('InvalidSignatureException', message);
}
