import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { RegisteredService } from '../api/types.ts';
import { messageOf } from '../common/ErrorAlert.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { serverDetails as words } from '../strings/servers.ts';
import { shell } from '../strings/shell.ts';
import { useValidation } from './useValidation.ts';

/** What can be done with a server. */
export function ServerActions({ service }: { service: RegisteredService }) {
  const { serviceId, name = '' } = service;
  const { client } = useSigned();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const { validate, running } = useValidation(serviceId);
  const isDisabled = service.state === 'DISABLED';
  const toggle = useMutation({
    mutationFn: () => client.updateService({ serviceId, state: isDisabled ? 'ENABLED' : 'DISABLED' }),
    onSuccess: () =>
      notify({ type: 'success', content: isDisabled ? words.enabled(name) : words.disabled(name) }),
    onError: error => notify({ type: 'error', content: messageOf(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['service', serviceId] }),
  });
  const actions: Record<string, () => void> = {
    credentials: () => void navigate(`/servers/${serviceId}/credentials`),
    state: () => toggle.mutate(),
    delete: () => void navigate(`/servers/${serviceId}/delete`),
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        loading={running}
        onClick={() => {
          validate();
          void navigate(`/servers/${serviceId}?tab=validation`, { replace: true });
        }}
      >
        {words.validateNow}
      </Button>
      <ButtonDropdown
        items={[
          { id: 'credentials', text: words.editCredentials },
          { id: 'state', text: isDisabled ? words.enable : words.disable },
          { id: 'delete', text: shell.delete },
        ]}
        onItemClick={({ detail }) => actions[detail.id]?.()}
      >
        {shell.actions}
      </ButtonDropdown>
    </SpaceBetween>
  );
}
