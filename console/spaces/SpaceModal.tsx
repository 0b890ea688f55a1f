import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { AgentSpace } from '../api/types.ts';
import { FormModal } from '../common/FormModal.tsx';
import { areTold, faultsOf, textAt } from '../credentials/placeErrors.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { shell } from '../strings/shell.ts';
import { spaces as words } from '../strings/spaces.ts';

/** Creates a space, or renames the one given. */
export function SpaceModal({ space, onClose }: { space?: AgentSpace; onClose: () => void }) {
  const { client } = useSigned();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [name, setName] = useState(space?.name ?? '');
  const [description, setDescription] = useState(space?.description ?? '');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const members = { name: name.trim(), ...(description.trim() && { description: description.trim() }) };
      return space
        ? client.updateAgentSpace({ agentSpaceId: space.agentSpaceId, ...members })
        : client.createAgentSpace(members);
    },
    onSuccess: ({ agentSpace }) => {
      notify({ type: 'success', content: space ? words.saved : words.createdNotice(agentSpace.name) });
      void queries.invalidateQueries({ queryKey: ['spaces'] });
      void queries.invalidateQueries({ queryKey: ['space', agentSpace.agentSpaceId] });
      onClose();
      if (!space) void navigate(`/spaces/${agentSpace.agentSpaceId}`);
    },
  });
  const faults = faultsOf(error);
  const isPlaced = areTold(faults, ['/name', '/description']);
  return (
    <FormModal
      title={space ? words.editTitle(space.name) : words.create}
      submitText={space ? shell.save : words.create}
      busy={isPending}
      disabled={name.trim() === ''}
      error={isPlaced ? undefined : error}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <FormField label={words.name} errorText={textAt(faults, '/name')}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField
        label={
          <>
            {words.descriptionLabel} - <i>{shell.optional}</i>
          </>
        }
        errorText={textAt(faults, '/description')}
      >
        <Textarea value={description} rows={2} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
    </FormModal>
  );
}
