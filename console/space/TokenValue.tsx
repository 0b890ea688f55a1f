import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Output } from '../../client/src/index.ts';
import { CopyBlock } from '../common/CopyBlock.tsx';
import { shell } from '../strings/shell.ts';
import { tokens as words } from '../strings/spaces.ts';

export type IssuedToken = Output<'CreateAccessToken'>;

/** The value of a token, this once. */
export function TokenValue({ issued, onClose }: { issued: IssuedToken; onClose: () => void }) {
  const title = words.valueTitle(issued.accessToken.name);
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      closeAriaLabel={shell.close}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            {shell.close}
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{words.valueHelp}</Alert>
        <CopyBlock text={issued.tokenValue} label={words.value} />
      </SpaceBetween>
    </Modal>
  );
}
