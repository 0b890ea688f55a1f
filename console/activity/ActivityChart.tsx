import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { Calls } from '../api/types.ts';
import { activity as words } from '../strings/audit.ts';
import { bucketsOf } from './buckets.ts';

const HOUR = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', hour: 'numeric' });

/** Calls by hour, those that failed among them apart. */
export function ActivityChart({ calls }: { calls: Calls }) {
  const buckets = bucketsOf(calls);
  const series = [
    { title: words.calls, data: buckets.map(({ time, calls, errors }) => ({ x: time, y: calls - errors })) },
    { title: words.errors, data: buckets.map(({ time, errors }) => ({ x: time, y: errors })) },
  ];
  const most = Math.max(4, ...buckets.map(bucket => bucket.calls));
  return (
    <Container header={<Header variant="h2">{words.chart}</Header>}>
      <BarChart
        stackedBars
        height={200}
        hideFilter
        xScaleType="categorical"
        yDomain={[0, most]}
        xTitle={words.hour}
        yTitle={words.calls}
        ariaLabel={words.chart}
        series={series.map(one => ({ ...one, type: 'bar' as const }))}
        i18nStrings={{ xTickFormatter: time => HOUR.format(time) }}
        empty={<Box textAlign="center">{words.empty}</Box>}
      />
    </Container>
  );
}
