import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { SwitchboardError } from '../../client/src/index.ts';
import { shell } from '../strings/shell.ts';

interface Props {
  error: unknown;
  header?: string;
  onRetry?: () => void;
}

/** What went wrong, with what to quote when asking about it. */
export function ErrorAlert({ error, header = shell.failed, onRetry }: Props) {
  if (!error) return null;
  const requestId = error instanceof SwitchboardError ? error.requestId : undefined;
  return (
    <Alert type="error" header={header} action={onRetry && <Button onClick={onRetry}>{shell.retry}</Button>}>
      {messageOf(error)}
      {requestId && <Box variant="small">{shell.requestId(requestId)}</Box>}
    </Alert>
  );
}

/** What an error tells a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
