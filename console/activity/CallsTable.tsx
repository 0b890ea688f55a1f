import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { OnDemand } from '../api/onDemand.ts';
import type { Invocation } from '../api/types.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { dateTime } from '../common/format.ts';
import { LoadMore } from '../common/LoadMore.tsx';
import { activity as words } from '../strings/audit.ts';
import { validation } from '../strings/servers.ts';

const TYPES: Record<Invocation['outcome'], StatusIndicatorProps.Type> = {
  success: 'success',
  'tool-error': 'error',
  refused: 'warning',
  failed: 'error',
  cancelled: 'stopped',
};

/** Single calls, newest first, with more of them on demand. */
export function CallsTable({ calls }: { calls: OnDemand<Invocation> }) {
  return (
    <SpaceBetween size="s">
      <EntityTable
        title={words.recent}
        listing={calls}
        keyOf={({ invocationId }) => invocationId}
        textOf={({ visibleName, tokenName = '', outcome }) => `${visibleName} ${tokenName} ${outcome}`}
        findText={words.tool}
        empty={words.empty}
        emptyHelp={words.emptyHelp}
        columns={[
          { id: 'tool', header: words.tool, cell: ({ visibleName }) => visibleName, isRowHeader: true },
          {
            id: 'outcome',
            header: words.outcome,
            cell: ({ outcome }) => (
              <StatusIndicator type={TYPES[outcome]}>{words.outcomes[outcome]}</StatusIndicator>
            ),
          },
          { id: 'time', header: words.time, cell: ({ time }) => dateTime(time), sortingField: 'time' },
          {
            id: 'duration',
            header: words.duration,
            cell: ({ durationMs }) => validation.milliseconds(durationMs),
            sortingField: 'durationMs',
          },
          { id: 'token', header: words.token, cell: ({ tokenName, userArn }) => tokenName ?? userArn ?? '-' },
          {
            id: 'detail',
            header: words.detail,
            cell: ({ errorCode, errorMessage }) =>
              [errorCode, errorMessage].filter(Boolean).join(': ') || '-',
          },
        ]}
      />
      <LoadMore list={calls} text={words.loadMore} />
    </SpaceBetween>
  );
}
