import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { shell } from '../strings/shell.ts';

/** While a page, or what it shows, is on its way. */
export function Loading({ text = shell.loading }: { text?: string }) {
  return (
    <Box textAlign="center" padding="xl">
      <Spinner /> <span role="status">{text}</span>
    </Box>
  );
}
