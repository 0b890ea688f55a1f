import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { factsOf } from '../api/serverFacts.ts';
import type { RegisteredService } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { needsConsent } from '../register/draft.ts';
import { useConsentReturn } from '../register/useConsentReturn.ts';
import { ValidationReport } from '../serverDetails/ValidationReport.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { register, edit as words } from '../strings/register.ts';
import { shell } from '../strings/shell.ts';
import { CredentialFields } from './CredentialFields.tsx';
import { type Credentials, FIELDS, type MethodId, missingFields, pointerOf, serviceOf } from './fields.ts';
import { areTold, faultsOf, textAt } from './placeErrors.ts';
import { useReplacement } from './useReplacement.ts';

interface Props {
  service: RegisteredService;
  /** How the server is let in now. */
  method: MethodId;
  known: Credentials;
}

/** Methods that a server may change to: signed servers stay so. */
function methodsFrom(method: MethodId): MethodId[] {
  return method === 'sigv4'
    ? ['sigv4']
    : ['oAuthClientCredentials', 'oAuth3LO', 'authorizationDiscovery', 'apiKey', 'bearerToken'];
}

export function EditCredentialsForm({ service, method: current, known }: Props) {
  const { serviceId, name = serviceId } = service;
  const navigate = useNavigate();
  const notify = useNotify();
  const [method, setMethod] = useState(current);
  const [values, setValues] = useState(known);
  const [endpoint, setEndpoint] = useState(factsOf(service).endpoint);
  const [showMissing, setShowMissing] = useState(false);

  const done = () => {
    notify({ type: 'success', content: words.saved(name) });
    void navigate(`/servers/${serviceId}`, { replace: true });
  };
  const back = useConsentReturn(done);
  const { replace, isPending, error, validationId } = useReplacement(service, done);
  if (back.completing) return <Loading text={words.checking} />;

  const faults = faultsOf(error);
  const endpointPointer = `/serviceDetails/${serviceOf(method)}/endpoint`;
  const pointers = [endpointPointer, ...FIELDS[method].map(({ member }) => pointerOf(method, member))];
  const isPlaced = areTold(faults, pointers);
  const options = methodsFrom(current).map(value => ({ value, label: register.methods[value][0] }));

  function submit(event: FormEvent): void {
    event.preventDefault();
    setShowMissing(true);
    if (missingFields(FIELDS[method], values).length === 0) replace(method, values, endpoint);
  }

  return (
    <form onSubmit={submit}>
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => navigate(`/servers/${serviceId}`)}>
              {shell.cancel}
            </Button>
            <Button variant="primary" loading={isPending} loadingText={words.checking}>
              {needsConsent(method) ? words.consent : words.submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <ErrorAlert error={back.error} header={words.failed} />
          {!isPlaced && <ErrorAlert error={error} header={words.failed} />}
          {isPending && !needsConsent(method) && (
            <ValidationReport report={undefined} validationId={validationId} />
          )}
          <Container>
            <SpaceBetween size="l">
              <FormField label={register.method} description={words.methodHelp}>
                <Select
                  options={options}
                  selectedOption={options.find(({ value }) => value === method) ?? null}
                  onChange={({ detail }) => setMethod(detail.selectedOption.value as MethodId)}
                />
              </FormField>
              <FormField
                label={register.endpoint}
                description={words.endpointHelp}
                constraintText={register.endpointAudited}
                errorText={textAt(faults, endpointPointer)}
              >
                <Input
                  value={endpoint}
                  inputMode="url"
                  onChange={({ detail }) => setEndpoint(detail.value)}
                />
              </FormField>
              {needsConsent(method) && <Box>{register.consentNext}</Box>}
              <CredentialFields
                method={method}
                fields={FIELDS[method]}
                values={values}
                onChange={setValues}
                showMissing={showMissing}
                errorAt={pointer => textAt(faults, pointer)}
              />
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}
