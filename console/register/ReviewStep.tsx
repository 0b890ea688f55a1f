import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { type Credentials, FIELDS, type Field } from '../credentials/fields.ts';
import { areTold } from '../credentials/placeErrors.ts';
import { ValidationReport } from '../serverDetails/ValidationReport.tsx';
import { credentialFields, register as words } from '../strings/register.ts';
import { type Draft, methodOf, needsConsent } from './draft.ts';
import { pointersOf, stepsOf } from './steps.ts';
import type { useRegistration } from './useRegistration.ts';

interface Props {
  draft: Draft;
  attempt: ReturnType<typeof useRegistration>['attempt'];
}

/** What was asked for, and how its validation goes. */
export function ReviewStep({ draft, attempt }: Props) {
  const method = methodOf(draft);
  const pointers = stepsOf(draft).flatMap(step => pointersOf(draft, step));
  const { running, validationId, report, error, faults, externalId } = attempt;
  const isPlaced = areTold(faults, pointers);
  const pairs = {
    [words.name]: draft.name,
    [words.endpoint]: draft.endpoint,
    [words.description]: draft.description || words.notSet,
    [words.method]: words.methods[method][0],
    ...Object.fromEntries(
      FIELDS[method].map(field => [credentialFields[field.id][0], shown(field, draft.credentials)]),
    ),
  };
  return (
    <SpaceBetween size="l">
      {error !== undefined && !isPlaced && <ErrorAlert error={error} header={words.validationFailed} />}
      {isPlaced && (
        <Alert type="error" header={words.validationFailed}>
          {words.fixFields}
        </Alert>
      )}
      {externalId && (
        <Alert type="info" header={words.externalId}>
          {externalId}
        </Alert>
      )}
      {(running || report) && <ValidationReport report={report} validationId={validationId} />}
      <Container header={<Header variant="h2">{words.summary}</Header>}>
        <SpaceBetween size="l">
          <KeyValuePairs
            columns={2}
            items={Object.entries(pairs).map(([label, value]) => ({ label, value }))}
          />
          {needsConsent(method) && <Alert type="info">{words.consentNext}</Alert>}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

/** Secrets are told to be there, not shown. */
function shown({ id, kind }: Field, values: Credentials): string {
  const value = values[id];
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'string') return kind === 'secret' && value ? words.set : value || words.notSet;
  return value.map(({ name }) => name).join(', ') || words.notSet;
}
