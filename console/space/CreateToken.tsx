import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Input as ApiInput } from '../../client/src/index.ts';
import { FormModal } from '../common/FormModal.tsx';
import { areTold, faultsOf, textAt } from '../credentials/placeErrors.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { tokens as words } from '../strings/spaces.ts';
import type { IssuedToken } from './TokenValue.tsx';

interface Props {
  agentSpaceId: string;
  onCreated: (issued: IssuedToken) => void;
  onClose: () => void;
}

type Wanted = ApiInput<'CreateAccessToken'>;

export function CreateToken({ agentSpaceId, onCreated, onClose }: Props) {
  const { client } = useSigned();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Wanted['scope']>('read');
  const [clientType, setClientType] = useState<NonNullable<Wanted['clientType']>>('agent');
  const [days, setDays] = useState('30');
  const [cidrs, setCidrs] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const allowedCidrs = cidrs.split(/[\s,]+/).filter(Boolean);
      const wanted = { agentSpaceId, name: name.trim(), scope, clientType, expiresInDays: Number(days) };
      return client.createAccessToken({ ...wanted, ...(allowedCidrs.length > 0 && { allowedCidrs }) });
    },
    onSuccess: onCreated,
  });
  const faults = faultsOf(error);
  const placed = ['/name', '/scope', '/clientType', '/expiresInDays', '/allowedCidrs'];
  const isPlaced = areTold(faults, placed);
  return (
    <FormModal
      title={words.create}
      submitText={words.create}
      busy={isPending}
      disabled={name.trim() === ''}
      error={isPlaced ? undefined : error}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <FormField label={words.name} errorText={textAt(faults, '/name')}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label={words.scope} errorText={textAt(faults, '/scope')}>
        <RadioGroup
          value={scope}
          onChange={({ detail }) => setScope(detail.value as Wanted['scope'])}
          items={(['read', 'operate'] as const).map(value => {
            const [label, description] = words.scopes[value];
            return { value, label, description };
          })}
        />
      </FormField>
      <FormField label={words.client} errorText={textAt(faults, '/clientType')}>
        <RadioGroup
          value={clientType}
          onChange={({ detail }) => setClientType(detail.value as typeof clientType)}
          items={(['agent', 'human'] as const).map(value => ({ value, label: words.clients[value] }))}
        />
      </FormField>
      <FormField
        label={words.days}
        constraintText={words.daysHelp}
        errorText={textAt(faults, '/expiresInDays')}
      >
        <Input type="number" value={days} onChange={({ detail }) => setDays(detail.value)} />
      </FormField>
      <FormField
        label={words.cidrs}
        description={words.cidrsHelp}
        errorText={textAt(faults, '/allowedCidrs')}
      >
        <Textarea value={cidrs} rows={2} onChange={({ detail }) => setCidrs(detail.value)} />
      </FormField>
    </FormModal>
  );
}
