import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** What stands where there is nothing: that there is none, and what to do about it. */
export function Nothing({
  title,
  help,
  action,
}: {
  title: string;
  help?: string | undefined;
  action?: ReactNode;
}) {
  return (
    <Box textAlign="center" padding="s">
      <SpaceBetween size="xs">
        <b>{title}</b>
        {help && <Box color="text-body-secondary">{help}</Box>}
        {action}
      </SpaceBetween>
    </Box>
  );
}
