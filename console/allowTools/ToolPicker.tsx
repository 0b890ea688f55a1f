import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { factsOf } from '../api/serverFacts.ts';
import type { RegisteredService, ServiceTool } from '../api/types.ts';
import { ErrorAlert, messageOf } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { allowTools as words } from '../strings/allowTools.ts';
import { shell } from '../strings/shell.ts';
import { type Choice, chosenNames, countOf } from './selection.ts';
import { ToolTable } from './ToolTable.tsx';
import { useOffered } from './useOffered.ts';
import { useQuota } from './useQuota.ts';

interface Props {
  agentSpaceId: string;
  service: RegisteredService;
  initial: Choice;
  submitText: string;
  onSubmit: (choice: Choice, offered: readonly ServiceTool[]) => Promise<void>;
  onCancel: () => void;
}

/** Which tools of a server a space allows, and how each is classified. */
export function ToolPicker({ agentSpaceId, service, initial, submitText, onSubmit, onCancel }: Props) {
  const { serviceId } = service;
  const server = factsOf(service).ownName;
  const [choice, setChoice] = useState(initial);
  const { tools, warnings, checking, failure } = useOffered(serviceId);
  const { quota, elsewhere } = useQuota(agentSpaceId, serviceId);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => onSubmit(choice, tools),
    // The server may have changed what was shown: then that is shown.
    onError: () => {
      void queries.invalidateQueries({ queryKey: ['service', serviceId, 'tools'] });
      void queries.invalidateQueries({ queryKey: ['space', agentSpaceId, 'association'] });
    },
  });
  if (checking) return <Loading text={words.checking} />;

  const count = countOf(choice, server, tools);
  const isOver = !choice.all && count + elsewhere > quota;
  const isEmpty = chosenNames(choice, tools).length === 0;
  return (
    <Form
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onCancel}>
            {shell.cancel}
          </Button>
          <Button
            variant="primary"
            loading={save.isPending}
            disabled={isOver || isEmpty}
            disabledReason={isOver ? words.overQuota(quota) : words.nothing}
            onClick={() => save.mutate()}
          >
            {submitText}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {failure !== undefined && (
          <Alert type="warning" header={words.notChecked}>
            {messageOf(failure)}
          </Alert>
        )}
        <ErrorAlert error={save.error} header={words.failed} />
        <Container>
          <FormField label={words.mode} stretch>
            <RadioGroup
              value={choice.all ? 'all' : 'some'}
              onChange={({ detail }) => setChoice({ ...choice, all: detail.value === 'all' })}
              items={[
                { value: 'all', label: words.all, description: words.allHelp },
                { value: 'some', label: words.some, description: words.someHelp },
              ]}
            />
          </FormField>
        </Container>
        <ToolTable
          server={server}
          tools={tools}
          warnings={warnings}
          choice={choice}
          onChange={setChoice}
          counts={`${words.selected(count, tools.length)} · ${words.inSpace(count + elsewhere, quota)}`}
        />
        {isOver && <Alert type="error">{words.overQuota(quota)}</Alert>}
      </SpaceBetween>
    </Form>
  );
}
