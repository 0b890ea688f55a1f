import Tabs from '@cloudscape-design/components/tabs';
import { useParams, useSearchParams } from 'react-router';
import { useService } from '../api/services.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { servers, serverDetails as words } from '../strings/servers.ts';
import { ServerActions } from './ServerActions.tsx';
import { ServerHistory } from './ServerHistory.tsx';
import { ServerOverview } from './ServerOverview.tsx';
import { ServerTools } from './ServerTools.tsx';
import { ServerUses } from './ServerUses.tsx';
import { TagsEditor } from './TagsEditor.tsx';
import { ValidationTab } from './ValidationTab.tsx';

/** One registered server. The open tab is part of the address. */
export default function ServerPage() {
  const { serviceId = '' } = useParams();
  const [query, setQuery] = useSearchParams();
  const { data, error, refetch } = useService(serviceId);
  const above = [['/servers', servers.title]] as const;
  if (error) {
    return (
      <Page title={serviceId} above={above}>
        <ErrorAlert error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (!data) return <Loading />;
  const { service, tags = {}, arn, validationReport } = data;
  const tabs = {
    validation: <ValidationTab serviceId={serviceId} kept={validationReport} />,
    tools: <ServerTools serviceId={serviceId} />,
    spaces: <ServerUses serviceId={serviceId} />,
    tags: <TagsEditor resourceArn={arn} tags={tags} stale={['service', serviceId]} />,
    history: <ServerHistory serviceId={serviceId} />,
  };
  return (
    <Page title={service.name ?? serviceId} above={above} actions={<ServerActions service={service} />}>
      <ServerOverview service={service} />
      <Tabs
        ariaLabel={service.name ?? serviceId}
        activeTabId={query.get('tab') ?? 'tools'}
        onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
        tabs={(['tools', 'validation', 'spaces', 'tags', 'history'] as const).map(id => ({
          id,
          label: words.tabs[id],
          content: tabs[id],
        }))}
      />
    </Page>
  );
}
