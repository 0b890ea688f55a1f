import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useSpaces } from '../api/spaces.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { FormModal } from '../common/FormModal.tsx';
import { dateTime } from '../common/format.ts';
import { PageLink } from '../common/links.tsx';
import { remove as words } from '../strings/remove.ts';
import { serverDetails } from '../strings/servers.ts';
import { type Use, useRemoveFromAll } from './useRemoveFromAll.ts';

interface Props {
  serviceId: string;
  name: string;
  uses: readonly Use[];
}

/** The spaces that keep a server from being deleted, each to be looked at, or all to be left at once. */
export function BlockingSpaces({ serviceId, name, uses }: Props) {
  const spaces = useSpaces();
  const [asking, setAsking] = useState(false);
  const { start, progress, error } = useRemoveFromAll(serviceId, uses);
  const nameOf = (id: string) => spaces.items.find(({ agentSpaceId }) => agentSpaceId === id)?.name ?? id;
  return (
    <SpaceBetween size="l">
      <Alert type="warning" header={words.blocked(uses.length)}>
        {words.blockedHelp}
      </Alert>
      <ErrorAlert error={error} header={words.failed} />
      {progress && (
        <ProgressBar
          label={words.progressLabel}
          value={(100 * progress.done) / progress.total}
          additionalInfo={words.progress(progress.done, progress.total)}
        />
      )}
      <EntityTable
        title={words.using}
        listing={{ items: uses, loading: false }}
        keyOf={({ agentSpaceId }) => agentSpaceId}
        empty={words.free}
        actions={
          <Button loading={progress !== undefined} onClick={() => setAsking(true)}>
            {words.removeFromAll}
          </Button>
        }
        columns={[
          {
            id: 'space',
            header: serverDetails.space,
            cell: ({ agentSpaceId }) => (
              <PageLink to={`/spaces/${agentSpaceId}`}>{nameOf(agentSpaceId)}</PageLink>
            ),
            isRowHeader: true,
          },
          { id: 'connected', header: serverDetails.connected, cell: ({ createdAt }) => dateTime(createdAt) },
        ]}
      />
      {asking && (
        <FormModal
          title={words.removeTitle(name)}
          submitText={words.removeFromAll}
          busy={false}
          onSubmit={() => {
            setAsking(false);
            void start();
          }}
          onClose={() => setAsking(false)}
        >
          {words.removeHelp}
        </FormModal>
      )}
    </SpaceBetween>
  );
}
