import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEvents } from '../api/events.ts';
import type { Association } from '../api/types.ts';
import { recordOf, type ToolChange } from '../audit/record.ts';
import { drift as words } from '../strings/allowTools.ts';
import { type DiffRow, sideBySide } from './sideBySide.ts';

/** What the server changed of tools that were confirmed, old and new side by side. */
export function DriftPanel({ association }: { association: Association }) {
  const { associationId, withheldTools = [] } = association;
  const filter = {
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: associationId } as const],
  };
  const events = useEvents(filter);
  // Newest first: the first that tells of a tool is how it differs now.
  const changes = events.items
    .filter(({ EventName }) => EventName === 'ToolDefinitionChanged')
    .flatMap(event => recordOf(event).additionalEventData?.tools ?? []);
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
      {withheldTools
        .filter(({ reason }) => reason === 'CHANGED')
        .map(({ name }) => (
          <Change key={name} name={name} change={changes.find(change => change.name === name)} />
        ))}
    </SpaceBetween>
  );
}

function Change({ name, change }: { name: string; change: ToolChange | undefined }) {
  const { diff = [], changedMembers = [] } = change ?? {};
  const title = words.changed(name, changedMembers.join(', '));
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      {diff.length === 0 ? words.noDiff : <SideBySide name={name} rows={sideBySide(diff)} />}
    </Container>
  );
}

function SideBySide({ name, rows }: { name: string; rows: readonly DiffRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
    <section className="json" tabIndex={0} aria-label={words.sideBySide(name)}>
      <table className="side-by-side">
        <thead>
          <tr>
            <th scope="col">{words.confirmed}</th>
            <th scope="col">{words.offered}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ before, after, changed }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are in this order and no other
            <tr key={at}>
              <td>{changed && before !== undefined ? <del>{before}</del> : before}</td>
              <td>{changed && after !== undefined ? <ins>{after}</ins> : after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
