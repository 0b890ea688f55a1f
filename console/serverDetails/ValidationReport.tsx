import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ValidationReport as Report, ValidationStep } from '../api/types.ts';
import { useEndedSteps } from '../api/validations.ts';
import { validation as words } from '../strings/servers.ts';
import { Warnings } from './Warnings.tsx';

type Step = Omit<ValidationStep, 'status'> & { status: ValidationStep['status'] | 'running' | 'waiting' };

const STEPS = Object.keys(words.steps) as ValidationStep['step'][];

const TYPES: Record<Step['status'], StatusIndicatorProps.Type> = {
  passed: 'success',
  failed: 'error',
  skipped: 'stopped',
  running: 'loading',
  waiting: 'pending',
};

interface Props {
  report: Report | undefined;
  validationId: string | undefined;
}

/** A validation, while it runs (`report` is not there yet) and afterwards. */
export function ValidationReport({ report, validationId }: Props) {
  const ended = useEndedSteps(report ? undefined : validationId);
  const steps = report?.steps ?? stepsOfRun(ended);
  const running = steps.find(({ status }) => status === 'running');
  const outcome = report?.valid ? words.valid : words.invalid;
  const title = report ? outcome : words.running(running && words.steps[running.step]);
  return (
    <Container
      header={
        <Header variant="h2">
          <span aria-live="polite">{title}</span>
        </Header>
      }
    >
      <SpaceBetween size="l">
        {report && <Facts report={report} />}
        <Table<Step>
          variant="embedded"
          trackBy="step"
          items={steps}
          ariaLabels={{ tableLabel: title }}
          columnDefinitions={[
            {
              id: 'step',
              minWidth: 160,
              header: words.step,
              cell: ({ step }) => words.steps[step],
              isRowHeader: true,
            },
            {
              id: 'status',
              minWidth: 120,
              header: words.status,
              cell: ({ status }) => (
                <StatusIndicator type={TYPES[status]}>{words.statuses[status]}</StatusIndicator>
              ),
            },
            {
              id: 'duration',
              minWidth: 120,
              header: words.duration,
              cell: ({ status, durationMs }) => (isOpen(status) ? '' : words.milliseconds(durationMs)),
            },
            {
              id: 'message',
              minWidth: 200,
              header: words.message,
              cell: ({ code, message }) => [code, message].filter(Boolean).join(': '),
            },
          ]}
          wrapLines
        />
        {report?.warnings && <Warnings warnings={report.warnings} />}
      </SpaceBetween>
    </Container>
  );
}

/** The checks of a validation that runs: what ended, the one under way, and those still to come. */
function stepsOfRun(ended: readonly ValidationStep[]): Step[] {
  return STEPS.map(
    (step, at) => ended[at] ?? { step, status: at === ended.length ? 'running' : 'waiting', durationMs: 0 },
  );
}

function isOpen(status: Step['status']): boolean {
  return status === 'running' || status === 'waiting';
}

function Facts({ report }: { report: Report }) {
  const { protocolVersion, serverName, serverVersion, durationMs, toolCount } = report;
  const items = [
    { label: words.protocol, value: protocolVersion ?? '-' },
    { label: words.server, value: [serverName, serverVersion].filter(Boolean).join(' ') || '-' },
    { label: words.total, value: words.milliseconds(durationMs) },
    { label: words.toolCount, value: toolCount ?? '-' },
  ];
  return <KeyValuePairs columns={4} items={items} />;
}
