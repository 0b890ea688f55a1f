import Button from '@cloudscape-design/components/button';
import Select from '@cloudscape-design/components/select';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { factsOf, statusesOf, textOf } from '../api/serverFacts.ts';
import { useServices } from '../api/services.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { Page } from '../common/Page.tsx';
import { servers } from '../strings/servers.ts';
import { serverColumns } from './serverColumns.tsx';

const STATUSES = [['', servers.anyStatus], ...Object.entries(servers.statuses)].map(option);
const METHODS = [['', servers.anyMethod], ...Object.entries(servers.methods)].map(option);

function option([value = '', label = '']: readonly string[]) {
  return { value, label };
}

/** Every registered server. */
export default function ServersPage() {
  const navigate = useNavigate();
  const listing = useServices();
  const [status, setStatus] = useState('');
  const [method, setMethod] = useState('');
  const items = useMemo(
    () =>
      listing.items.filter(
        service =>
          (!status || statusesOf(service).some(one => one === status)) &&
          (!method || factsOf(service).method === method),
      ),
    [listing.items, status, method],
  );
  const clear = () => {
    setStatus('');
    setMethod('');
  };
  const register = (
    <Button variant="primary" onClick={() => navigate('/servers/register')}>
      {servers.register}
    </Button>
  );
  return (
    <Page title={servers.title} plain>
      <EntityTable
        title={servers.title}
        heading="h1"
        description={servers.description}
        listing={{ ...listing, items }}
        columns={serverColumns}
        keyOf={service => service.serviceId}
        textOf={textOf}
        findText={servers.find}
        filters={[
          <Choice
            key="status"
            label={servers.status}
            options={STATUSES}
            value={status}
            onChange={setStatus}
          />,
          <Choice
            key="method"
            label={servers.method}
            options={METHODS}
            value={method}
            onChange={setMethod}
          />,
        ]}
        onClearFilters={status || method ? clear : undefined}
        actions={register}
        empty={servers.empty}
        emptyHelp={servers.emptyHelp}
        emptyAction={<Button onClick={() => navigate('/servers/register')}>{servers.register}</Button>}
      />
    </Page>
  );
}

interface ChoiceProps {
  label: string;
  options: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

function Choice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <Select
      ariaLabel={label}
      options={options}
      selectedOption={options.find(one => one.value === value) ?? null}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
    />
  );
}
