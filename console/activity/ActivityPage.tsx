import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSearchParams } from 'react-router';
import { useCalls, useCounts } from '../api/invocations.ts';
import { factsOf } from '../api/serverFacts.ts';
import { useServicesOf } from '../api/services.ts';
import { useAssociations, useSpaces } from '../api/spaces.ts';
import type { RegisteredService } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { activity as words } from '../strings/audit.ts';
import { servers } from '../strings/servers.ts';
import { ActivityChart } from './ActivityChart.tsx';
import { CallsTable } from './CallsTable.tsx';

/** The calls of agents, by space and server; both are part of the address. */
export default function ActivityPage() {
  const [query, setQuery] = useSearchParams();
  const spaces = useSpaces();
  const agentSpaceId = query.get('space') ?? spaces.items[0]?.agentSpaceId;
  const serviceId = query.get('server') ?? '';
  const hours = Number(query.get('hours') ?? 24);
  const { data, error, refetch } = useCounts(agentSpaceId, serviceId, hours);
  const calls = useCalls(agentSpaceId, serviceId, hours);
  const choose = (changes: Record<string, string>) =>
    setQuery({ ...Object.fromEntries(query), ...changes }, { replace: true });
  if (spaces.loading) return <Loading />;
  return (
    <Page title={words.title} description={words.description}>
      <ErrorAlert error={spaces.error ?? error} onRetry={() => void refetch()} />
      {!agentSpaceId && <Alert type="info">{words.noSpaces}</Alert>}
      {agentSpaceId && (
        <SpaceBetween direction="horizontal" size="m">
          <Choice
            label={words.space}
            value={agentSpaceId}
            options={spaces.items.map(space => ({ value: space.agentSpaceId, label: space.name }))}
            onChange={space => choose({ space, server: '' })}
          />
          <ServerChoice
            agentSpaceId={agentSpaceId}
            value={serviceId}
            onChange={server => choose({ server })}
          />
          <Choice
            label={words.range}
            value={String(hours)}
            options={Object.entries(words.ranges).map(([value, label]) => ({ value, label }))}
            onChange={value => choose({ hours: value })}
          />
        </SpaceBetween>
      )}
      {agentSpaceId && !data && !error && <Loading />}
      {data && <ActivityChart counts={data} />}
      {agentSpaceId && <CallsTable calls={calls} />}
    </Page>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; label: string; description?: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <FormField label={label}>
      <Select
        options={options}
        selectedOption={options.find(option => option.value === value) ?? null}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}

function ServerChoice({
  agentSpaceId,
  value,
  onChange,
}: Omit<ChoiceProps, 'label' | 'options'> & { agentSpaceId: string }) {
  const connected = useAssociations(agentSpaceId).items.map(one => one.serviceId);
  // One that was disconnected still has its history.
  const ids = [...new Set([...connected, ...(value ? [value] : [])])];
  const services = useServicesOf(ids);
  const options = [{ value: '', label: words.allServers }, ...ids.map(id => optionOf(id, services.get(id)))];
  return <Choice label={words.server} value={value} options={options} onChange={onChange} />;
}

/** Calls are listed under the server's own name: it is told beside another that the registration goes by. */
function optionOf(value: string, service?: RegisteredService): ChoiceProps['options'][number] {
  if (!service) return { value, label: value };
  const { ownName } = factsOf(service);
  const label = service.name ?? ownName;
  return { value, label, ...(label !== ownName && { description: servers.toolNames(ownName) }) };
}
