import { useUses } from '../api/services.ts';
import { useSpaces } from '../api/spaces.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { dateTime } from '../common/format.ts';
import { PageLink } from '../common/links.tsx';
import { serverDetails as words } from '../strings/servers.ts';

/** The agent spaces that use a server. */
export function ServerUses({ serviceId }: { serviceId: string }) {
  const listing = useUses(serviceId);
  const spaces = useSpaces();
  const nameOf = (id: string) => spaces.items.find(({ agentSpaceId }) => agentSpaceId === id)?.name ?? id;
  return (
    <EntityTable
      title={words.tabs.spaces}
      listing={listing}
      keyOf={use => use.associationId + use.agentSpaceId}
      empty={words.noSpaces}
      emptyHelp={words.noSpacesHelp}
      columns={[
        {
          id: 'space',
          header: words.space,
          cell: ({ agentSpaceId }) => (
            <PageLink to={`/spaces/${agentSpaceId}`}>{nameOf(agentSpaceId)}</PageLink>
          ),
          isRowHeader: true,
        },
        {
          id: 'connected',
          header: words.connected,
          cell: use => dateTime(use.createdAt),
          sortingField: 'createdAt',
        },
      ]}
    />
  );
}
