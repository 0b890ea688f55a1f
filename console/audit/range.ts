import type { DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import type { EventFilter } from '../api/types.ts';

export type Range = DateRangePickerProps.Value | null;

const SECONDS: Partial<Record<DateRangePickerProps.TimeUnit, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
};

/** What a chosen range means for a look-up, in epoch seconds. `now` is in epoch milliseconds. */
export function boundsOf(range: Range, now: number): Pick<EventFilter, 'StartTime' | 'EndTime'> {
  if (!range) return {};
  if (range.type === 'absolute') {
    return { StartTime: Date.parse(range.startDate) / 1000, EndTime: Date.parse(range.endDate) / 1000 };
  }
  const EndTime = Math.ceil(now / 1000);
  return { StartTime: EndTime - range.amount * (SECONDS[range.unit] ?? 0), EndTime };
}
