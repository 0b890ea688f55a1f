import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import type { ServiceTool } from '../api/types.ts';
import { Json } from '../common/Json.tsx';
import { serverDetails as words } from '../strings/servers.ts';
import { shell } from '../strings/shell.ts';

/** All that a server says of a tool, schemas included. */
export function ToolDefinition({ tool, onClose }: { tool: ServiceTool; onClose: () => void }) {
  return (
    <Modal
      visible
      size="large"
      header={words.toolDetails(tool.name)}
      onDismiss={onClose}
      closeAriaLabel={shell.close}
      footer={
        <Box float="right">
          <Button onClick={onClose}>{shell.close}</Button>
        </Box>
      }
    >
      <Json value={tool} label={words.toolDetails(tool.name)} />
    </Modal>
  );
}
