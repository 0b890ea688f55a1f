/** Occurrences of one kind within one minute. */
export interface MinuteCount<Subject> {
  subject: Subject;
  /** Where the minute begins; it and the other times are epoch milliseconds. */
  minute: number;
  count: number;
  firstAt: number;
  lastAt: number;
}

export interface MinuteCounter<Subject> {
  /** Counts one, and answers with the subject of its kind and minute: the given one at the first. Costs no write. */
  count(kind: string, subject: Subject): Subject;
  /**
   * Records the minutes that are over. With `begun` also those that have no record yet: two writes per kind and
   * minute at most, however often it is called.
   */
  flush(begun?: boolean): Promise<void>;
  /** Stops the timer and records everything counted so far. */
  close(): Promise<void>;
}

const MINUTE = 60_000;

interface Entry<Subject> extends MinuteCount<Subject> {
  /** The count that was last recorded. */
  recorded: number;
  /** A record that fails waits until the minute is over: a store that is away is not asked again at each flush. */
  tried: boolean;
}

/**
 * Counts in memory and hands out a record per kind and minute; a later one of the same minute has later figures. A
 * record that `record` rejects is kept for the next flush; beyond `max` kinds and minutes the oldest are dropped.
 */
export function countByMinute<Subject>(
  record: (entry: MinuteCount<Subject>) => Promise<void>,
  now: () => number,
  max: number,
): MinuteCounter<Subject> {
  const counts = new Map<string, Entry<Subject>>();
  let turn = Promise.resolve();

  // One flush after the other: an earlier figure must not be recorded after a later one.
  function flushWhere(due: (entry: Entry<Subject>) => boolean): Promise<void> {
    turn = turn.then(async () => {
      for (const [id, entry] of [...counts]) {
        if (due(entry) && (await settle(entry, record)) && isOver(entry, now())) counts.delete(id);
      }
    });
    return turn;
  }

  const flush = (begun = false) => flushWhere(entry => isOver(entry, now()) || (begun && !entry.tried));
  const timer = setInterval(() => void flush(), MINUTE);
  timer.unref();
  return {
    count: (kind, subject) => add(counts, kind, subject, now(), max),
    flush,
    async close() {
      clearInterval(timer);
      await flushWhere(() => true);
    },
  };
}

function isOver({ minute }: { minute: number }, now: number): boolean {
  return minute + MINUTE <= now;
}

/** Whether all that was counted is recorded. */
async function settle<Subject>(
  entry: Entry<Subject>,
  record: (entry: MinuteCount<Subject>) => Promise<void>,
): Promise<boolean> {
  const { recorded, tried: _, ...figures } = entry;
  entry.tried = true;
  if (figures.count > recorded) {
    try {
      await record(figures);
      entry.recorded = figures.count;
    } catch {
      return false;
    }
  }
  return entry.count === entry.recorded;
}

function add<Subject>(
  counts: Map<string, Entry<Subject>>,
  kind: string,
  subject: Subject,
  at: number,
  max: number,
): Subject {
  const minute = Math.floor(at / MINUTE) * MINUTE;
  const id = `${kind}@${minute}`;
  const entry = counts.get(id);
  if (entry) {
    entry.count += 1;
    entry.lastAt = at;
    return entry.subject;
  }
  makeRoom(counts, max);
  counts.set(id, { subject, minute, count: 1, firstAt: at, lastAt: at, recorded: 0, tried: false });
  return subject;
}

function makeRoom(counts: Map<string, unknown>, max: number): void {
  if (counts.size < max) return;
  const oldest = counts.keys().next().value;
  if (oldest !== undefined) counts.delete(oldest);
}
