import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { toolsOf } from '../allowTools/selection.ts';
import { useService } from '../api/services.ts';
import { useAssociations } from '../api/spaces.ts';
import type { Association } from '../api/types.ts';
import { ConfirmModal } from '../common/ConfirmModal.tsx';
import { EntityTable } from '../common/EntityTable.tsx';
import { PageLink } from '../common/links.tsx';
import { ServerStatus } from '../servers/ServerStatus.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { shell } from '../strings/shell.ts';
import { spaces as words } from '../strings/spaces.ts';

/** The servers that a space is connected to. */
export function SpaceServers({ agentSpaceId }: { agentSpaceId: string }) {
  const navigate = useNavigate();
  const listing = useAssociations(agentSpaceId);
  const [leaving, setLeaving] = useState<Association>();
  return (
    <>
      <EntityTable
        title={words.servers}
        listing={listing}
        keyOf={association => association.associationId}
        actions={
          <Button variant="primary" onClick={() => navigate(`/spaces/${agentSpaceId}/add`)}>
            {words.addServer}
          </Button>
        }
        empty={words.noServers}
        emptyHelp={words.noServersHelp}
        columns={[
          {
            id: 'server',
            header: words.server,
            cell: one => <ServerLink serviceId={one.serviceId} />,
            isRowHeader: true,
          },
          {
            id: 'status',
            header: words.status,
            cell: one => <ServerStatus status={one.status ?? 'unknown'} />,
          },
          { id: 'tools', header: words.tools, cell: one => allowed(one) },
          {
            id: 'withheld',
            header: words.withheld,
            cell: ({ withheldTools = [] }) => withheldTools.map(({ name }) => name).join(', ') || '-',
          },
          {
            id: 'actions',
            header: shell.actions,
            cell: one => <RowActions association={one} onRemove={setLeaving} />,
          },
        ]}
      />
      {leaving && <RemoveServer association={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

function allowed(association: Association): string {
  const { tools } = toolsOf(association);
  return tools.includes('*') ? words.allTools : words.toolCount(tools.length);
}

/** A server by its name; its id where the name is not known (yet). */
export function useServerName(serviceId: string): string {
  return useService(serviceId).data?.service.name ?? serviceId;
}

function ServerLink({ serviceId }: { serviceId: string }) {
  return <PageLink to={`/servers/${serviceId}`}>{useServerName(serviceId)}</PageLink>;
}

function RowActions({
  association,
  onRemove,
}: {
  association: Association;
  onRemove: (one: Association) => void;
}) {
  const navigate = useNavigate();
  const name = useServerName(association.serviceId);
  const changed = association.status === 'pending-confirmation';
  const edit = () => navigate(`/spaces/${association.agentSpaceId}/servers/${association.associationId}`);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        variant="inline-link"
        ariaLabel={changed ? words.confirmChangesOf(name) : words.editToolsOf(name)}
        onClick={edit}
      >
        {changed ? words.confirmChanges : words.editTools}
      </Button>
      <Button
        variant="inline-link"
        ariaLabel={words.removeServer(name)}
        onClick={() => onRemove(association)}
      >
        {shell.remove}
      </Button>
    </SpaceBetween>
  );
}

function RemoveServer({ association, onClose }: { association: Association; onClose: () => void }) {
  const { agentSpaceId, associationId, serviceId } = association;
  const { client } = useSigned();
  const notify = useNotify();
  const queries = useQueryClient();
  const name = useServerName(serviceId);
  function removed(): void {
    notify({ type: 'success', content: words.removed(name) });
    void queries.invalidateQueries({ queryKey: ['space', agentSpaceId] });
    void queries.invalidateQueries({ queryKey: ['service', serviceId] });
    onClose();
  }
  return (
    <ConfirmModal
      title={words.removeTitle(name)}
      help={words.removeHelp}
      confirmText={shell.remove}
      act={() => client.disassociateService({ agentSpaceId, associationId })}
      onDone={removed}
      onClose={onClose}
    />
  );
}
