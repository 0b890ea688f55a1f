import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { AgentSpace } from '../api/types.ts';
import { ConfirmModal } from '../common/ConfirmModal.tsx';
import { messageOf } from '../common/ErrorAlert.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { SpaceModal } from '../spaces/SpaceModal.tsx';
import { shell } from '../strings/shell.ts';
import { spaces as words } from '../strings/spaces.ts';

/** What can be done with a space. */
export function SpaceActions({ space }: { space: AgentSpace }) {
  const { agentSpaceId, name } = space;
  const { client } = useSigned();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [open, setOpen] = useState<string>();
  const close = () => setOpen(undefined);
  const isDisabled = space.state === 'DISABLED';
  const toggle = useMutation({
    mutationFn: () => client.updateAgentSpace({ agentSpaceId, state: isDisabled ? 'ENABLED' : 'DISABLED' }),
    onSuccess: () =>
      notify({
        type: 'success',
        content: isDisabled ? words.enabledNotice(name) : words.disabledNotice(name),
      }),
    onError: error => notify({ type: 'error', content: messageOf(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['space', agentSpaceId] }),
  });
  function deleted(): void {
    notify({ type: 'success', content: words.deleted(name) });
    void navigate('/spaces');
    void queries.invalidateQueries({ queryKey: ['spaces'] });
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setOpen('edit')}>{words.edit}</Button>
      <ButtonDropdown
        items={[
          { id: 'state', text: isDisabled ? words.enable : words.disable },
          { id: 'delete', text: shell.delete },
        ]}
        onItemClick={({ detail }) => (detail.id === 'state' ? toggle.mutate() : setOpen(detail.id))}
      >
        {shell.actions}
      </ButtonDropdown>
      {open === 'edit' && <SpaceModal space={space} onClose={close} />}
      {open === 'delete' && (
        <ConfirmModal
          title={words.deleteTitle(name)}
          help={words.deleteHelp}
          confirmText={shell.delete}
          word={name}
          act={() => client.deleteAgentSpace({ agentSpaceId })}
          onDone={deleted}
          onClose={close}
        />
      )}
    </SpaceBetween>
  );
}
