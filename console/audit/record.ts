import type { TrailEvent } from '../api/types.ts';

/** What is read of a CloudTrail record; all of it can be shown. */
export interface TrailRecord {
  sourceIPAddress?: string;
  errorCode?: string;
}

const parsed = new WeakMap<TrailEvent, TrailRecord>();

/** The record of an event, which it holds as text. */
export function recordOf(event: TrailEvent): TrailRecord {
  const known = parsed.get(event) ?? (JSON.parse(event.CloudTrailEvent) as TrailRecord);
  parsed.set(event, known);
  return known;
}
