import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { factsOf, textOf } from '../api/serverFacts.ts';
import type { RegisteredService } from '../api/types.ts';
import { EntityTable, type Listing } from '../common/EntityTable.tsx';
import { ServerStatuses } from '../servers/ServerStatus.tsx';
import { allowTools as words } from '../strings/allowTools.ts';
import { servers } from '../strings/servers.ts';

interface Props {
  listing: Listing<RegisteredService>;
  onChoose: (serviceId: string) => void;
}

export function ChooseServer({ listing, onChoose }: Props) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<RegisteredService>();
  return (
    <SpaceBetween size="m">
      <EntityTable
        title={words.choose}
        description={words.chooseHelp}
        listing={listing}
        keyOf={service => service.serviceId}
        textOf={textOf}
        findText={words.find}
        empty={words.noServers}
        emptyHelp={words.noServersHelp}
        emptyAction={<Button onClick={() => navigate('/servers/register')}>{words.register}</Button>}
        selection={{
          selectionType: 'single',
          selectedItems: chosen ? [chosen] : [],
          onSelectionChange: ({ detail }) => setChosen(detail.selectedItems[0]),
          ariaLabels: {
            selectionGroupLabel: words.choose,
            itemSelectionLabel: (_, service) => service.name ?? service.serviceId,
          },
        }}
        columns={[
          {
            id: 'name',
            header: servers.name,
            cell: service => service.name,
            sortingField: 'name',
            isRowHeader: true,
          },
          {
            id: 'status',
            header: servers.status,
            cell: service => <ServerStatuses service={service} />,
          },
          { id: 'endpoint', header: servers.endpoint, cell: service => factsOf(service).endpoint },
          { id: 'tools', header: servers.tools, cell: service => service.toolCount ?? '-' },
        ]}
      />
      <Box float="right">
        <Button variant="primary" disabled={!chosen} onClick={() => chosen && onChoose(chosen.serviceId)}>
          {words.next}
        </Button>
      </Box>
    </SpaceBetween>
  );
}
