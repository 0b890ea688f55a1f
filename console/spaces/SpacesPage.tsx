import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import { useSpaces } from '../api/spaces.ts';
import type { AgentSpace } from '../api/types.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { dateTime } from '../common/format.ts';
import { PageLink } from '../common/links.tsx';
import { Page } from '../common/Page.tsx';
import { spaces as words } from '../strings/spaces.ts';
import { SpaceModal } from './SpaceModal.tsx';

/** Every agent space. */
export default function SpacesPage() {
  const listing = useSpaces();
  const [creating, setCreating] = useState(false);
  const create = () => setCreating(true);
  return (
    <Page title={words.title} plain>
      <EntityTable
        title={words.title}
        heading="h1"
        description={words.description}
        listing={listing}
        keyOf={space => space.agentSpaceId}
        textOf={space => `${space.name} ${space.description ?? ''} ${space.agentSpaceId}`}
        findText={words.find}
        actions={
          <Button variant="primary" onClick={create}>
            {words.create}
          </Button>
        }
        empty={words.empty}
        emptyHelp={words.emptyHelp}
        columns={[
          {
            id: 'name',
            header: words.name,
            cell: space => <PageLink to={`/spaces/${space.agentSpaceId}`}>{space.name}</PageLink>,
            sortingField: 'name',
            isRowHeader: true,
          },
          { id: 'state', header: words.state, cell: space => <SpaceState space={space} /> },
          {
            id: 'description',
            header: words.descriptionLabel,
            cell: space => space.description ?? '-',
            maxWidth: 360,
          },
          { id: 'id', header: words.id, cell: space => space.agentSpaceId },
          {
            id: 'created',
            header: words.created,
            cell: space => dateTime(space.createdAt),
            sortingField: 'createdAt',
          },
        ]}
      />
      {creating && <SpaceModal onClose={() => setCreating(false)} />}
    </Page>
  );
}

export function SpaceState({ space: { state = 'ENABLED' } }: { space: AgentSpace }) {
  return (
    <StatusIndicator type={state === 'ENABLED' ? 'success' : 'stopped'}>
      {words.states[state]}
    </StatusIndicator>
  );
}
