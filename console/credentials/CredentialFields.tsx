import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { credentialFields as words } from '../strings/register.ts';
import { shell } from '../strings/shell.ts';
import { type Credentials, type Field, type MethodId, missingFields, pointerOf } from './fields.ts';
import { PairsField } from './PairsField.tsx';

interface Props {
  method: MethodId;
  fields: readonly Field[];
  values: Credentials;
  onChange: (values: Credentials) => void;
  /** Whether to tell what is missing. */
  showMissing: boolean;
  /** What the server said of the member at a JSON Pointer. */
  errorAt: (pointer: string) => string | undefined;
}

/** The fields of a method, or of a part of it. */
export function CredentialFields({ method, fields, values, onChange, showMissing, errorAt }: Props) {
  const missing = showMissing ? missingFields(fields, values) : [];
  return (
    <SpaceBetween size="l">
      {fields.map(field => {
        const set = (value: Credentials[keyof Credentials]) => onChange({ ...values, [field.id]: value });
        const error = missing.includes(field) ? shell.required : errorAt(pointerOf(method, field.member));
        return (
          <OneField key={field.id} field={field} value={values[field.id]} onChange={set} error={error} />
        );
      })}
    </SpaceBetween>
  );
}

interface OneProps {
  field: Field;
  value: Credentials[keyof Credentials];
  onChange: (value: Credentials[keyof Credentials]) => void;
  error: string | undefined;
}

function OneField({ field: { id, kind, required }, value, onChange, error }: OneProps) {
  const [label, help] = words[id];
  if (kind === 'flag') {
    return (
      <FormField errorText={error}>
        <Checkbox
          checked={value === true}
          description={help}
          onChange={({ detail }) => onChange(detail.checked)}
        >
          {label}
        </Checkbox>
      </FormField>
    );
  }
  if (kind === 'pairs') {
    return (
      <PairsField
        label={label}
        help={help}
        pairs={Array.isArray(value) ? value : []}
        onChange={onChange}
        error={error}
      />
    );
  }
  const title = required ? (
    label
  ) : (
    <>
      {label} - <i>{shell.optional}</i>
    </>
  );
  const text = {
    value: String(value),
    onChange: ({ detail }: { detail: { value: string } }) => onChange(detail.value),
  };
  return (
    <FormField label={title} description={help} errorText={error}>
      {kind === 'lines' ? (
        <Textarea {...text} rows={3} spellcheck={false} />
      ) : (
        <Input
          {...text}
          type={kind === 'secret' ? 'password' : 'text'}
          autoComplete={false}
          spellcheck={false}
        />
      )}
    </FormField>
  );
}
