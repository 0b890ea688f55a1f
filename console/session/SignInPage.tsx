import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { clientOf } from '../api/clientOf.ts';
import type { ConsoleConfig, Session } from '../api/session.ts';
import { shell, signIn as words } from '../strings/shell.ts';

interface Props {
  config: ConsoleConfig;
  notice: string | undefined;
  onSignedIn: (session: Session) => void;
}

/** Takes an access key, which has to work before it is kept. */
export function SignInPage({ config, notice, onSignedIn }: Props) {
  const [accessKeyId, setId] = useState('');
  const [secretAccessKey, setSecret] = useState('');
  const [problem, setProblem] = useState(notice);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(true);
    if (!accessKeyId || !secretAccessKey) return;
    setBusy(true);
    const session = { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() };
    try {
      await clientOf(config, session).listServices({ maxResults: 1 });
      onSignedIn(session);
    } catch (error) {
      const { name, message } = error as Error;
      setProblem(/UnrecognizedClient|InvalidSignature/.test(name) ? words.rejected : message);
      setBusy(false);
    }
  }

  const errorOf = (value: string) => (missing && !value ? shell.required : undefined);
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <Form
          actions={
            <Button variant="primary" loading={busy}>
              {words.submit}
            </Button>
          }
        >
          <Container header={<Header variant="h1">{words.title}</Header>}>
            <SpaceBetween size="l">
              {problem && <Alert type="error">{problem}</Alert>}
              <FormField label={words.accessKeyId} errorText={errorOf(accessKeyId)}>
                <Input
                  value={accessKeyId}
                  onChange={({ detail }) => setId(detail.value)}
                  autoComplete="username"
                  autoFocus
                />
              </FormField>
              <FormField
                label={words.secretAccessKey}
                description={words.secretHelp}
                errorText={errorOf(secretAccessKey)}
              >
                <Input
                  type="password"
                  value={secretAccessKey}
                  onChange={({ detail }) => setSecret(detail.value)}
                  autoComplete="current-password"
                />
              </FormField>
              <Box color="text-body-secondary">{words.help}</Box>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </main>
  );
}
