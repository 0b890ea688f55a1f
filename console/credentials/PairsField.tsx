import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { pairs as words } from '../strings/register.ts';
import type { Pair } from './fields.ts';

interface Props {
  label: string;
  help: string;
  pairs: readonly Pair[];
  onChange: (pairs: Pair[]) => void;
  error: string | undefined;
}

/** Names and values, as many as somebody wants. */
export function PairsField({ label, help, pairs, onChange, error }: Props) {
  const change = (at: number, pair: Pair) => onChange(pairs.map((old, index) => (index === at ? pair : old)));
  return (
    <FormField label={label} description={help} errorText={error} stretch>
      <AttributeEditor
        items={pairs}
        empty={words.empty}
        addButtonText={words.add}
        removeButtonText={words.removeButton}
        removeButtonAriaLabel={({ name }) => words.remove(name)}
        onAddButtonClick={() => onChange([...pairs, { name: '', value: '' }])}
        onRemoveButtonClick={({ detail }) => onChange(pairs.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          {
            label: words.name,
            control: (pair, at) => (
              <Input
                value={pair.name}
                ariaLabel={`${label}: ${words.name}`}
                onChange={({ detail }) => change(at, { ...pair, name: detail.value })}
              />
            ),
          },
          {
            label: words.value,
            control: (pair, at) => (
              <Input
                value={pair.value}
                ariaLabel={`${label}: ${words.value}`}
                onChange={({ detail }) => change(at, { ...pair, value: detail.value })}
              />
            ),
          },
        ]}
      />
    </FormField>
  );
}
