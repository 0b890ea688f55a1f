import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTools } from '../api/services.ts';
import type { ServiceTool } from '../api/types.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { servers, serverDetails as words } from '../strings/servers.ts';
import { ToolDefinition } from './ToolDefinition.tsx';

/** The tools that a server offers. */
export function ServerTools({ serviceId }: { serviceId: string }) {
  const listing = useTools(serviceId);
  const [shown, setShown] = useState<ServiceTool>();
  return (
    <>
      <EntityTable
        title={servers.tools}
        listing={listing}
        keyOf={tool => tool.name}
        textOf={tool => `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''}`}
        findText={words.findTools}
        empty={words.noTools}
        emptyHelp={words.noToolsHelp}
        columns={[
          {
            id: 'name',
            header: servers.name,
            cell: tool => tool.name,
            sortingField: 'name',
            isRowHeader: true,
          },
          {
            id: 'description',
            header: words.toolDescription,
            cell: tool => tool.description ?? '-',
            maxWidth: 480,
          },
          { id: 'hints', header: words.hints, cell: tool => <Hints tool={tool} /> },
          {
            id: 'definition',
            header: words.definition,
            cell: tool => (
              <Button
                variant="inline-link"
                ariaLabel={words.showDefinitionOf(tool.name)}
                onClick={() => setShown(tool)}
              >
                {words.showDefinition}
              </Button>
            ),
          },
        ]}
      />
      {shown && <ToolDefinition tool={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

type HintName = keyof typeof words.hintNames;

/** What the server says of a tool; it is a hint, not a promise. */
export function Hints({ tool: { annotations = {} } }: { tool: Pick<ServiceTool, 'annotations'> }) {
  const said = (Object.keys(words.hintNames) as HintName[]).flatMap(name => {
    const hint = annotations[name];
    return hint === undefined ? [] : [{ name, text: words.hintNames[name][`${hint}`] }];
  });
  if (said.length === 0) return words.noHints;
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {said.map(({ name, text }) => (
        <Badge key={name} color={name === 'readOnlyHint' && annotations.readOnlyHint ? 'green' : 'grey'}>
          {text}
        </Badge>
      ))}
    </SpaceBetween>
  );
}
