import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSearchParams } from 'react-router';
import { useCalls, useCounts } from '../api/invocations.ts';
import { useServerNames } from '../api/services.ts';
import { useAssociations, useSpaces } from '../api/spaces.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { activity as words } from '../strings/audit.ts';
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
  options: { value: string; label: string }[];
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
  const names = useServerNames(ids);
  const options = [
    { value: '', label: words.allServers },
    ...ids.map(id => ({ value: id, label: names.get(id) ?? id })),
  ];
  return <Choice label={words.server} value={value} options={options} onChange={onChange} />;
}
