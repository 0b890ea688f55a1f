import Alert from '@cloudscape-design/components/alert';
import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Counts } from '../api/types.ts';
import { dateTime } from '../common/format.ts';
import { activity as words } from '../strings/audit.ts';
import { bucketsOf, totalOf } from './buckets.ts';

const FORMATS = {
  HOUR: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', hour: 'numeric' }),
  DAY: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }),
};

/** Calls by hour or day, those that failed among them apart. */
export function ActivityChart({ counts }: { counts: Counts }) {
  const { period, isCut } = counts;
  const buckets = bucketsOf(counts);
  const { calls, errors } = totalOf(buckets);
  const series = [
    {
      title: words.succeeded,
      data: buckets.map(({ time, calls, errors }) => ({ x: time, y: calls - errors })),
    },
    { title: words.errors, data: buckets.map(({ time, errors }) => ({ x: time, y: errors })) },
  ];
  const most = Math.max(4, ...buckets.map(bucket => bucket.calls));
  const title = words.chart[period];
  const oldest = counts.counts.at(-1)?.startTime;
  return (
    <Container
      header={
        <Header variant="h2" description={words.total(calls, errors)}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {isCut && oldest && <Alert type="warning">{words.cut(dateTime(oldest))}</Alert>}
        <BarChart
          stackedBars
          height={200}
          hideFilter
          xScaleType="categorical"
          yDomain={[0, most]}
          xTitle={words.periods[period]}
          yTitle={words.calls}
          ariaLabel={title}
          series={series.map(one => ({ ...one, type: 'bar' as const }))}
          i18nStrings={{ xTickFormatter: time => FORMATS[period].format(time) }}
          empty={<Box textAlign="center">{words.empty}</Box>}
        />
      </SpaceBetween>
    </Container>
  );
}
