import Box from '@cloudscape-design/components/box';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { serverDetails as words } from '../strings/servers.ts';
import { useValidation } from './useValidation.ts';
import { ValidationReport } from './ValidationReport.tsx';

/** The latest validation of this tab: step by step, with what was learned of the server. */
export function ValidationTab({ serviceId }: { serviceId: string }) {
  const { validate, running, error, report, validationId } = useValidation(serviceId);
  if (error) return <ErrorAlert error={error} onRetry={validate} />;
  if (running || report) return <ValidationReport report={report} validationId={validationId} />;
  return (
    <Box textAlign="center" padding="l">
      <b>{words.notValidated}</b>
      <Box color="text-body-secondary">{words.notValidatedHelp}</Box>
    </Box>
  );
}
