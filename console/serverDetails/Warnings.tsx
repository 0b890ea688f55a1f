import Alert from '@cloudscape-design/components/alert';
import type { ValidationWarning } from '../api/types.ts';
import { validation as words } from '../strings/servers.ts';

/** Warnings of a validation or of an allowlist; each may be of one tool. */
export function Warnings({ warnings }: { warnings: readonly ValidationWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <Alert type="warning" header={words.warnings(warnings.length)}>
      <ul>
        {warnings.map(({ code, toolName = '', message }) => (
          <li key={`${code} ${toolName} ${message}`}>
            {toolName && <b>{toolName}: </b>}
            {message} ({code})
          </li>
        ))}
      </ul>
    </Alert>
  );
}
