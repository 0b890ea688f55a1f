import Box from '@cloudscape-design/components/box';
import type { ValidationReport as ValidationReportShape } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { serverDetails as words } from '../strings/servers.ts';
import { useValidation } from './useValidation.ts';
import { ValidationReport } from './ValidationReport.tsx';

interface Props {
  serviceId: string;
  /** Of the last validation, whoever or whatever asked for it. */
  kept: ValidationReportShape | undefined;
}

/** The validation that this tab has asked for, or else the last one: step by step, with what was learned of the server. */
export function ValidationTab({ serviceId, kept }: Props) {
  const { validate, running, error, report, validationId } = useValidation(serviceId);
  if (error) return <ErrorAlert error={error} onRetry={validate} />;
  if (running || report || kept) {
    return <ValidationReport report={running ? undefined : (report ?? kept)} validationId={validationId} />;
  }
  return (
    <Box textAlign="center" padding="l">
      <b>{words.notValidated}</b>
      <Box color="text-body-secondary">{words.notValidatedHelp}</Box>
    </Box>
  );
}
