import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { register as words } from '../strings/register.ts';
import { shell } from '../strings/shell.ts';
import type { StepProps } from './RegisterPage.tsx';
import { detailPointer } from './steps.ts';

export function DetailsStep({ draft, onChange, showMissing, errorAt }: StepProps) {
  const errorOf = (member: 'name' | 'endpoint' | 'description', required: boolean) =>
    required && showMissing && draft[member].trim() === ''
      ? shell.required
      : errorAt(detailPointer(draft, member));
  return (
    <Container>
      <SpaceBetween size="l">
        <FormField
          label={words.name}
          description={words.nameHelp}
          constraintText={words.nameConstraint}
          errorText={errorOf('name', true)}
        >
          <Input value={draft.name} onChange={({ detail }) => onChange({ ...draft, name: detail.value })} />
        </FormField>
        <FormField
          label={words.endpoint}
          description={words.endpointHelp}
          errorText={errorOf('endpoint', true)}
        >
          <Input
            value={draft.endpoint}
            inputMode="url"
            placeholder="https://"
            onChange={({ detail }) => onChange({ ...draft, endpoint: detail.value })}
          />
        </FormField>
        <Alert type="info">{words.endpointAudited}</Alert>
        <FormField
          label={
            <>
              {words.description} - <i>{shell.optional}</i>
            </>
          }
          errorText={errorOf('description', false)}
        >
          <Textarea
            value={draft.description}
            rows={2}
            onChange={({ detail }) => onChange({ ...draft, description: detail.value })}
          />
        </FormField>
        <Checkbox
          checked={draft.discovery}
          description={words.discoveryHelp}
          onChange={({ detail }) => onChange({ ...draft, discovery: detail.checked })}
        >
          {words.discovery}
        </Checkbox>
      </SpaceBetween>
    </Container>
  );
}
