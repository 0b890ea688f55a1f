import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { shell } from '../strings/shell.ts';
import { FormModal } from './FormModal.tsx';

interface Props {
  title: string;
  help: string;
  confirmText: string;
  /** To be typed first, where nothing brings back what is lost. */
  word?: string;
  act: () => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
}

/** Asks before something is destroyed, and tells why it was not. */
export function ConfirmModal({ title, help, confirmText, word, act, onDone, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const { mutate, isPending, error } = useMutation({ mutationFn: act, onSuccess: onDone });
  return (
    <FormModal
      title={title}
      submitText={confirmText}
      busy={isPending}
      disabled={word !== undefined && typed !== word}
      error={error}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <Box>{help}</Box>
      {word !== undefined && (
        <FormField label={shell.confirmByTyping(word)}>
          <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      )}
    </FormModal>
  );
}
