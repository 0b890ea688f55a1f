import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FormEvent, ReactNode } from 'react';
import { shell } from '../strings/shell.ts';
import { ErrorAlert } from './ErrorAlert.tsx';

interface Props {
  title: string;
  submitText: string;
  busy: boolean;
  disabled?: boolean;
  error?: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Once the modal has put the focus on its close button, which is no place to type. */
function focusFirstField(form: HTMLFormElement | null): void {
  setTimeout(() => form?.querySelector<HTMLElement>('input, textarea')?.focus());
}

/** A few fields, or a question, above the page; Enter submits. */
export function FormModal({
  title,
  submitText,
  busy,
  disabled = false,
  error,
  onSubmit,
  onClose,
  children,
}: Props) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !disabled) onSubmit();
  };
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      closeAriaLabel={shell.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {shell.cancel}
            </Button>
            <Button variant="primary" loading={busy} disabled={disabled} onClick={onSubmit}>
              {submitText}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={submit} ref={focusFirstField}>
        <SpaceBetween size="m">
          <ErrorAlert error={error} />
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
