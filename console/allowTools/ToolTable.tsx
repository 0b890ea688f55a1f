import type { Classification, ServiceTool, ValidationWarning } from '../api/types.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { Hints } from '../serverDetails/ServerTools.tsx';
import { allowTools as words } from '../strings/allowTools.ts';
import { type Choice, obstacle } from './selection.ts';
import { ClassSelect, ToolName, ToolWarnings } from './toolCells.tsx';

interface Props {
  server: string;
  tools: readonly ServiceTool[];
  warnings: readonly ValidationWarning[];
  choice: Choice;
  onChange: (choice: Choice) => void;
  counts: string;
}

/** The tools of a server, to be selected and classified. */
export function ToolTable({ server, tools, warnings, choice, onChange, counts }: Props) {
  const selection = {
    selectionType: 'multi',
    selectedItems: tools.filter(({ name }) => choice.selected.includes(name)),
    onSelectionChange: ({ detail }: { detail: { selectedItems: ServiceTool[] } }) =>
      onChange({ ...choice, selected: detail.selectedItems.map(({ name }) => name) }),
    isItemDisabled: (tool: ServiceTool) => obstacle(server, tool) !== undefined,
    ariaLabels: {
      selectionGroupLabel: words.selection,
      allItemsSelectionLabel: () => words.selectAll,
      itemSelectionLabel: (_: unknown, tool: ServiceTool) => words.select(tool.name),
    },
  } as const;
  const classify = (name: string, value: string) => {
    const { [name]: _, ...others } = choice.classes;
    onChange({ ...choice, classes: value ? { ...others, [name]: value as Classification } : others });
  };
  return (
    <EntityTable
      title={words.tools}
      description={counts}
      listing={{ items: tools, loading: false }}
      keyOf={({ name }) => name}
      textOf={tool => `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''}`}
      findText={words.findTools}
      empty={words.noServers}
      pageSize={30}
      wide
      {...(!choice.all && { selection })}
      columns={[
        {
          id: 'tool',
          header: words.tool,
          cell: tool => <ToolName server={server} tool={tool} />,
          sortingField: 'name',
          isRowHeader: true,
          minWidth: 180,
          maxWidth: 260,
        },
        {
          id: 'description',
          header: words.descriptionLabel,
          cell: ({ description }) => description ?? '-',
          minWidth: 200,
          maxWidth: 360,
        },
        { id: 'hints', header: words.hints, minWidth: 130, cell: tool => <Hints tool={tool} /> },
        {
          id: 'classification',
          header: words.classification,
          minWidth: 220,
          cell: tool => (
            <ClassSelect
              tool={tool}
              all={choice.all}
              value={choice.classes[tool.name] ?? ''}
              onChange={value => classify(tool.name, value)}
            />
          ),
        },
        {
          id: 'warnings',
          header: words.warnings,
          cell: tool => (
            <ToolWarnings
              warnings={warnings.filter(({ toolName }) => toolName === tool.name)}
              isUnclear={tool.annotations?.readOnlyHint === undefined && !choice.classes[tool.name]}
            />
          ),
          minWidth: 240,
        },
      ]}
    />
  );
}
