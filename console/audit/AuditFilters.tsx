import Button from '@cloudscape-design/components/button';
import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { audit as words } from '../strings/audit.ts';
import type { Range } from './range.ts';

interface Props {
  attribute: string;
  value: string;
  onFilter: (attribute: string, value: string) => void;
  range: Range;
  onRange: (range: Range) => void;
}

const ATTRIBUTES = [['', words.anyAttribute], ...Object.entries(words.attributes)].map(
  ([value = '', label = '']) => ({
    value,
    label,
  }),
);

const RELATIVE: DateRangePickerProps.RelativeOption[] = [
  { key: 'hour', amount: 1, unit: 'hour', type: 'relative' },
  { key: 'day', amount: 24, unit: 'hour', type: 'relative' },
  { key: 'week', amount: 7, unit: 'day', type: 'relative' },
  { key: 'month', amount: 30, unit: 'day', type: 'relative' },
];

/** LookupEvents takes one attribute and a time range. */
export function AuditFilters({ attribute, value, onFilter, range, onRange }: Props) {
  const [key, setKey] = useState(attribute);
  const [text, setText] = useState(value);
  const search = () => onFilter(key, text.trim());
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Select
        ariaLabel={words.filterBy}
        options={ATTRIBUTES}
        selectedOption={ATTRIBUTES.find(option => option.value === key) ?? null}
        onChange={({ detail }) => {
          setKey(detail.selectedOption.value ?? '');
          if (!detail.selectedOption.value) onFilter('', '');
        }}
      />
      <Input
        ariaLabel={words.filterValue}
        placeholder={words.filterValue}
        value={text}
        disabled={!key}
        onChange={({ detail }) => setText(detail.value)}
        onKeyDown={({ detail }) => detail.key === 'Enter' && search()}
      />
      <Button onClick={search} disabled={!key}>
        {words.search}
      </Button>
      <DateRangePicker
        value={range}
        onChange={({ detail }) => onRange(detail.value)}
        relativeOptions={RELATIVE}
        isValidRange={isValid}
        placeholder={words.anyTime}
        i18nStrings={rangeWords}
      />
    </SpaceBetween>
  );
}

function isValid(range: Range): DateRangePickerProps.ValidationResult {
  const ok = range?.type === 'relative' || (range && Date.parse(range.startDate) < Date.parse(range.endDate));
  return ok ? { valid: true } : { valid: false, errorMessage: words.invalidRange };
}

const rangeWords: DateRangePickerProps.I18nStrings = {
  ariaLabel: words.range,
  formatRelativeRange: ({ amount, unit }) => words.last(amount, unit),
  relativeModeTitle: words.relative,
  absoluteModeTitle: words.absolute,
  customRelativeRangeOptionLabel: words.custom,
  customRelativeRangeOptionDescription: words.customHelp,
  startDateLabel: words.startDate,
  startTimeLabel: words.startTime,
  endDateLabel: words.endDate,
  endTimeLabel: words.endTime,
  dateTimeConstraintText: words.dateConstraint,
  clearButtonLabel: words.clear,
  applyButtonLabel: words.apply,
};
