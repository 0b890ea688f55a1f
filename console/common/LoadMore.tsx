import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import type { OnDemand } from '../api/onDemand.ts';

/** Below a list: asks for its next page, where there is one. */
export function LoadMore({ list, text }: { list: OnDemand<unknown>; text: string }) {
  if (!list.more) return null;
  return (
    <Box textAlign="center">
      <Button loading={list.loadingMore} onClick={list.loadMore}>
        {text}
      </Button>
    </Box>
  );
}
