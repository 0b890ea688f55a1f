import Box from '@cloudscape-design/components/box';
import Select from '@cloudscape-design/components/select';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ServiceTool, ValidationWarning } from '../api/types.ts';
import { allowTools as words } from '../strings/allowTools.ts';
import { defaultClass, obstacle, visibleName } from './selection.ts';

/** A tool by the server's name for it, then by the name that agents see. */
export function ToolName({ server, tool }: { server: string; tool: ServiceTool }) {
  const problem = obstacle(server, tool);
  return (
    <>
      {tool.name}
      {problem !== 'unsupported' && (
        <Box variant="small" color="text-body-secondary" display="block">
          {words.visible(visibleName(server, tool))}
        </Box>
      )}
      {problem && (
        <Box>
          <StatusIndicator type="error">{words[problem]}</StatusIndicator>
        </Box>
      )}
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
