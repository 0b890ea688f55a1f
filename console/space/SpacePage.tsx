import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Tabs from '@cloudscape-design/components/tabs';
import { useParams, useSearchParams } from 'react-router';
import { useSpace } from '../api/spaces.ts';
import type { AgentSpace } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { dateTime } from '../common/format.ts';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { TagsEditor } from '../serverDetails/TagsEditor.tsx';
import { SpaceState } from '../spaces/SpacesPage.tsx';
import { spaces as words } from '../strings/spaces.ts';
import { ConnectPanel, useEndpoint } from './ConnectPanel.tsx';
import { SpaceActions } from './SpaceActions.tsx';
import { SpaceServers } from './SpaceServers.tsx';
import { SpaceTokens } from './SpaceTokens.tsx';

/** One agent space. The open tab is part of the address. */
export default function SpacePage() {
  const { agentSpaceId = '' } = useParams();
  const [query, setQuery] = useSearchParams();
  const { data, error, refetch } = useSpace(agentSpaceId);
  const above = [['/spaces', words.title]] as const;
  if (error) {
    return (
      <Page title={agentSpaceId} above={above}>
        <ErrorAlert error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (!data) return <Loading />;
  const { agentSpace, tags = {}, arn } = data;
  const tabs = {
    servers: <SpaceServers agentSpaceId={agentSpaceId} />,
    tokens: <SpaceTokens agentSpaceId={agentSpaceId} />,
    connect: <ConnectPanel agentSpaceId={agentSpaceId} />,
    tags: <TagsEditor resourceArn={arn} tags={tags} stale={['space', agentSpaceId]} />,
  };
  return (
    <Page title={agentSpace.name} above={above} actions={<SpaceActions space={agentSpace} />}>
      <Overview space={agentSpace} />
      <Tabs
        ariaLabel={agentSpace.name}
        activeTabId={query.get('tab') ?? 'servers'}
        onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
        tabs={(['servers', 'tokens', 'connect', 'tags'] as const).map(id => ({
          id,
          label: words.tabs[id],
          content: tabs[id],
        }))}
      />
    </Page>
  );
}

function Overview({ space }: { space: AgentSpace }) {
  const endpoint = useEndpoint(space.agentSpaceId);
  const items = [
    { label: words.state, value: <SpaceState space={space} /> },
    { label: words.endpoint, value: endpoint },
    { label: words.id, value: space.agentSpaceId },
    { label: words.descriptionLabel, value: space.description ?? '-' },
    { label: words.created, value: dateTime(space.createdAt) },
    { label: words.updated, value: dateTime(space.updatedAt) },
  ];
  return (
    <Container header={<Header variant="h2">{words.overview}</Header>}>
      <KeyValuePairs columns={3} items={items} />
    </Container>
  );
}
