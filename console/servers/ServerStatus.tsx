import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ServerStatus as Status } from '../api/serverFacts.ts';
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
