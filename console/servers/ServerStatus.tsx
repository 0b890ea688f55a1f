import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { type ServerStatus as Status, statusesOf } from '../api/serverFacts.ts';
import type { RegisteredService } from '../api/types.ts';
import { servers } from '../strings/servers.ts';

const TYPES: Record<Status, StatusIndicatorProps.Type> = {
  valid: 'success',
  invalid: 'error',
  'pending-confirmation': 'warning',
  disabled: 'stopped',
  unknown: 'pending',
};

/** A server's status, or that of its connection to a space. */
export function ServerStatus({ status }: { status: Status }) {
  return <StatusIndicator type={TYPES[status]}>{servers.statuses[status]}</StatusIndicator>;
}

/** What is known of a registered server. */
export function ServerStatuses({ service }: { service: RegisteredService }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {statusesOf(service).map(status => (
        <ServerStatus key={status} status={status} />
      ))}
    </SpaceBetween>
  );
}
