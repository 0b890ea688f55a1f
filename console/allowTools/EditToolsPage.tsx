import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useService } from '../api/services.ts';
import { useSpace } from '../api/spaces.ts';
import type { Association } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { allowTools as words } from '../strings/allowTools.ts';
import { spaces } from '../strings/spaces.ts';
import { DriftPanel } from './DriftPanel.tsx';
import { choiceOf, wantedOf } from './selection.ts';
import { ToolPicker } from './ToolPicker.tsx';
import { useOffered } from './useOffered.ts';
import { useSaved } from './useSaved.ts';

/** Changes what a space allows of a server, and confirms definitions that the server changed. */
export default function EditToolsPage() {
  const { agentSpaceId = '', associationId = '' } = useParams();
  const { client } = useSigned();
  const space = useSpace(agentSpaceId);
  const { data, error, refetch } = useQuery({
    queryKey: ['space', agentSpaceId, 'association', associationId],
    queryFn: ({ signal }) => client.getAssociation({ agentSpaceId, associationId }, { signal }),
  });
  const service = useService(data?.association.serviceId ?? '', data !== undefined);
  const above = [
    ['/spaces', spaces.title],
    [`/spaces/${agentSpaceId}`, space.data?.agentSpace.name ?? agentSpaceId],
  ] as const;
  const name = service.data?.service.name ?? associationId;
  return (
    <Page title={words.editTitle(name)} above={above}>
      <ErrorAlert error={error ?? service.error} onRetry={() => void refetch()} />
      {data && service.data ? (
        <Edit association={data.association} service={service.data.service} />
      ) : (
        !(error ?? service.error) && <Loading />
      )}
    </Page>
  );
}

type Service = NonNullable<ReturnType<typeof useService>['data']>['service'];

function Edit({ association, service }: { association: Association; service: Service }) {
  const { agentSpaceId, associationId, serviceId, withheldTools = [] } = association;
  const { client } = useSigned();
  const navigate = useNavigate();
  const saved = useSaved(agentSpaceId, serviceId, words.saved);
  const queries = useQueryClient();
  const { checking } = useOffered(serviceId);
  // Asking the server may have found further changes, or that it took some back.
  useEffect(() => {
    const queryKey = ['space', agentSpaceId, 'association', associationId];
    if (!checking) void queries.invalidateQueries({ queryKey });
  }, [checking, queries, agentSpaceId, associationId]);
  const changed = association.status === 'pending-confirmation';
  return (
    <SpaceBetween size="l">
      {withheldTools.length > 0 && <DriftPanel association={association} isFresh={!checking} />}
      <ToolPicker
        agentSpaceId={agentSpaceId}
        service={service}
        initial={choiceOf(association)}
        submitText={changed ? words.confirm : words.save}
        onSubmit={async (choice, tools) => {
          const wanted = wantedOf(service, choice, tools);
          const { warnings = [] } = await client.updateAssociation({
            agentSpaceId,
            associationId,
            ...wanted,
          });
          saved(service.name ?? serviceId, warnings);
        }}
        onCancel={() => navigate(`/spaces/${agentSpaceId}`)}
      />
    </SpaceBetween>
  );
}
