import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import type { AssociationTool } from '../api/types.ts';
import { drift as words } from '../strings/allowTools.ts';
import { compareLines } from './compareLines.ts';
import { type MemberPair, membersOf } from './definitionMembers.ts';
import { SideBySide } from './SideBySide.tsx';

/** A tool whose definition the server changed: both whole, member by member. */
export function ChangedTool({ tool }: { tool: AssociationTool }) {
  const { name, definition, offered } = tool;
  const members = useMemo(
    () =>
      isObject(definition) && isObject(offered?.definition) ? membersOf(definition, offered.definition) : [],
    [definition, offered],
  );
  const changed = members.filter(member => member.changed).map(member => labelOf(member.name));
  return (
    <Container header={<Header variant="h2">{words.changed(name, changed.join(', '))}</Header>}>
      {members.length === 0 && <Alert type="info">{words.tooLong}</Alert>}
      <SpaceBetween size="s">
        {members.map(member => (
          <Member key={member.name} tool={name} member={member} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

function Member({ tool, member }: { tool: string; member: MemberPair }) {
  const { name, before, after, changed } = member;
  const rows = useMemo(() => compareLines(before, after), [before, after]);
  const label = labelOf(name);
  return (
    <ExpandableSection
      defaultExpanded={changed}
      headerText={changed ? words.memberChanged(label) : words.memberSame(label)}
    >
      <SideBySide label={words.sideBySide(label, tool)} rows={rows} />
    </ExpandableSection>
  );
}

function labelOf(member: string): string {
  return words.members[member as keyof typeof words.members] ?? member;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
