import Box from '@cloudscape-design/components/box';
import Select from '@cloudscape-design/components/select';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Classification, ServiceTool, ValidationWarning } from '../api/types.ts';
import { EntityTable } from '../common/EntityTable.tsx';
import { Hints } from '../serverDetails/ServerTools.tsx';
import { allowTools as words } from '../strings/allowTools.ts';
import { type Choice, defaultClass, obstacle, visibleName } from './selection.ts';

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
          cell: tool => <ToolWarnings warnings={warnings.filter(({ toolName }) => toolName === tool.name)} />,
          minWidth: 240,
        },
      ]}
    />
  );
}

function ToolName({ server, tool }: { server: string; tool: ServiceTool }) {
  const { length } = visibleName(server, tool);
  const problem = obstacle(server, tool);
  if (!problem) return <span title={words.length(length)}>{tool.name}</span>;
  return (
    <>
      {tool.name}
      <Box>
        <StatusIndicator type="error">
          {problem === 'tooLong' ? words.tooLong(length) : words.unsupported}
        </StatusIndicator>
      </Box>
    </>
  );
}

interface ClassProps {
  tool: ServiceTool;
  all: boolean;
  value: string;
  onChange: (value: string) => void;
}

function ClassSelect({ tool, all, value, onChange }: ClassProps) {
  const options = [
    { value: '', label: words.default(words.classes[defaultClass(tool, all)]) },
    ...Object.entries(words.classes).map(([id, label]) => ({ value: id, label })),
  ];
  return (
    <Select
      ariaLabel={words.classificationOf(tool.name)}
      options={options}
      selectedOption={options.find(option => option.value === value) ?? null}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      expandToViewport
    />
  );
}

function ToolWarnings({ warnings }: { warnings: readonly ValidationWarning[] }) {
  if (warnings.length === 0) return words.noWarnings;
  return warnings.map(({ code, message }) => (
    <StatusIndicator key={code + message} type="warning">
      {message}
    </StatusIndicator>
  ));
}
