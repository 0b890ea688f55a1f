import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useService, useServices } from '../api/services.ts';
import { useAssociations, useSpace } from '../api/spaces.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { allowTools as words } from '../strings/allowTools.ts';
import { spaces } from '../strings/spaces.ts';
import { ChooseServer } from './ChooseServer.tsx';
import { NOTHING_CHOSEN, wantedOf } from './selection.ts';
import { ToolPicker } from './ToolPicker.tsx';
import { useSaved } from './useSaved.ts';

/** Connects a space to a server: which one (part of the address), then its tools. */
export default function AddServerPage() {
  const { agentSpaceId = '' } = useParams();
  const [query, setQuery] = useSearchParams();
  const serviceId = query.get('serviceId');
  const space = useSpace(agentSpaceId);
  const above = [
    ['/spaces', spaces.title],
    [`/spaces/${agentSpaceId}`, space.data?.agentSpace.name ?? agentSpaceId],
  ] as const;
  return (
    <Page title={words.addTitle} above={above}>
      {serviceId ? (
        <PickTools agentSpaceId={agentSpaceId} serviceId={serviceId} />
      ) : (
        <Choose agentSpaceId={agentSpaceId} onChoose={chosen => setQuery({ serviceId: chosen })} />
      )}
    </Page>
  );
}

function Choose({ agentSpaceId, onChoose }: { agentSpaceId: string; onChoose: (serviceId: string) => void }) {
  const services = useServices();
  const associations = useAssociations(agentSpaceId);
  const used = new Set(associations.items.map(({ serviceId }) => serviceId));
  const items = services.items.filter(({ serviceId }) => !used.has(serviceId));
  const loading = services.loading || associations.loading || associations.more === true;
  return <ChooseServer listing={{ ...services, items, loading }} onChoose={onChoose} />;
}

function PickTools({ agentSpaceId, serviceId }: { agentSpaceId: string; serviceId: string }) {
  const { client } = useSigned();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data, error } = useService(serviceId);
  const saved = useSaved(agentSpaceId, serviceId, words.added);
  if (error) return <ErrorAlert error={error} />;
  if (!data) return <Loading />;
  const { service } = data;
  return (
    <ToolPicker
      agentSpaceId={agentSpaceId}
      service={service}
      initial={NOTHING_CHOSEN}
      submitText={words.add}
      onSubmit={async (choice, tools) => {
        const wanted = wantedOf(service, choice, tools);
        const { warnings = [] } = await client.associateService({ agentSpaceId, serviceId, ...wanted });
        void queries.invalidateQueries({ queryKey: ['service', serviceId] });
        saved(service.name ?? serviceId, warnings);
      }}
      onCancel={() => navigate(`/spaces/${agentSpaceId}`)}
    />
  );
}
