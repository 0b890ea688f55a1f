import Box from '@cloudscape-design/components/box';
import Select from '@cloudscape-design/components/select';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ServiceTool, ValidationWarning } from '../api/types.ts';
import { allowTools as words } from '../strings/allowTools.ts';
import { defaultClass, obstacle, visibleName } from './selection.ts';

export function ToolName({ server, tool }: { server: string; tool: ServiceTool }) {
  const { length } = visibleName(server, tool);
  const problem = obstacle(server, tool);
  if (!problem) {
    return (
      <>
        {tool.name}
        <Box variant="small" color="text-body-secondary" display="block">
          {words.length(length)}
        </Box>
      </>
    );
  }
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

export function ClassSelect({ tool, all, value, onChange }: ClassProps) {
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

/** A tool that says nothing of what it does is classified by a guess, unless somebody classifies it. */
export function ToolWarnings({
  warnings,
  isUnclear,
}: {
  warnings: readonly ValidationWarning[];
  isUnclear: boolean;
}) {
  const texts = [...warnings.map(({ message }) => message), ...(isUnclear ? [words.noHint] : [])];
  if (texts.length === 0) return words.noWarnings;
  return texts.map(text => (
    <StatusIndicator key={text} type="warning">
      {text}
    </StatusIndicator>
  ));
}
