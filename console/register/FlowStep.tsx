import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { register as words } from '../strings/register.ts';
import type { Draft } from './draft.ts';
import type { StepProps } from './RegisterPage.tsx';

const FLOWS = ['oAuthClientCredentials', 'oAuth3LO', 'apiKey', 'bearerToken', 'sigv4'] as const;

export function FlowStep({ draft, onChange }: StepProps) {
  return (
    <Container>
      <FormField label={words.method} description={words.flowHelp} stretch>
        <RadioGroup
          value={draft.flow}
          onChange={({ detail }) => onChange({ ...draft, flow: detail.value as Draft['flow'] })}
          items={FLOWS.map(value => {
            const [label, description] = words.methods[value];
            return { value, label, description };
          })}
        />
      </FormField>
    </Container>
  );
}
