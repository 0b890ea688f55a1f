import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useChangedTools } from '../api/spaces.ts';
import type { Association } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { drift as words } from '../strings/allowTools.ts';
import { ChangedTool } from './ChangedTool.tsx';

/** Tools whose definitions are shown at once: a server may change all of them. */
const AT_ONCE = 10;

interface Props {
  association: Association;
  /** Whether the server was asked by now: what it offers is shown as it is then. */
  isFresh: boolean;
}

/** What the server changed of tools that were confirmed, old and new definitions side by side. */
export function DriftPanel({ association, isFresh }: Props) {
  const { agentSpaceId, associationId, withheldTools = [] } = association;
  const { items, loading, more, error, retry } = useChangedTools(agentSpaceId, associationId, isFresh);
  const [shown, setShown] = useState(AT_ONCE);
  const isThere = new Set(items.map(({ name }) => name));
  const missing = withheldTools.filter(({ name, reason }) => reason === 'CHANGED' && !isThere.has(name));
  const isWhole = !loading && !more && !error;
  return (
    <SpaceBetween size="m">
      <Alert type="warning" header={words.title}>
        {words.help}
        <ul>
          {withheldTools.map(({ name, reason, message }) => (
            <li key={name}>
              <b>{name}</b> ({words.reasons[reason]}): {message}
            </li>
          ))}
        </ul>
      </Alert>
      <ErrorAlert error={error} onRetry={retry} />
      {loading && <Loading />}
      {items.slice(0, shown).map(tool => (
        <ChangedTool key={`${tool.name} ${tool.offered?.fingerprint}`} tool={tool} />
      ))}
      {shown < items.length && (
        <Button onClick={() => setShown(shown + AT_ONCE)}>{words.showMore(items.length - shown)}</Button>
      )}
      {isWhole &&
        missing.map(({ name }) => (
          <Alert key={name} type="info">
            {words.notStored(name)}
          </Alert>
        ))}
    </SpaceBetween>
  );
}
