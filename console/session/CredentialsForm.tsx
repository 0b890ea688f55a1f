import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ClipboardEvent, type FormEvent, useState } from 'react';
import { clientOf } from '../api/clientOf.ts';
import type { ConsoleConfig } from '../api/config.ts';
import type { Session } from '../api/session.ts';
import { shell, signIn as words } from '../strings/shell.ts';
import { pastedCredentials } from './pasted.ts';

interface Props {
  config: ConsoleConfig;
  onSignedIn: (session: Session) => void;
  /** Told why they do not work. */
  onProblem: (problem: string) => void;
}

const EMPTY = { accessKeyId: '', secretAccessKey: '', sessionToken: '' };

/** The session that was typed in. */
function sessionOf(typed: typeof EMPTY): Session {
  const sessionToken = typed.sessionToken.trim();
  return {
    accessKeyId: typed.accessKeyId.trim(),
    secretAccessKey: typed.secretAccessKey.trim(),
    ...(sessionToken && { sessionToken }),
  };
}

/** What to say of a refusal; of a session token the server itself says more. */
function problemOf({ name, message }: Error, { sessionToken }: Session): string {
  return !sessionToken && /UnrecognizedClient|InvalidSignature/.test(name) ? words.rejected : message;
}

/** Takes an access key or temporary credentials, which have to work before they are kept. */
export function CredentialsForm({ config, onSignedIn, onProblem }: Props) {
  const [typed, setTyped] = useState(EMPTY);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(true);
    const session = sessionOf(typed);
    if (!session.accessKeyId || !session.secretAccessKey) return;
    setBusy(true);
    try {
      await clientOf(config, session).listServices({ maxResults: 1 });
      onSignedIn(session);
    } catch (error) {
      onProblem(problemOf(error as Error, session));
      setBusy(false);
    }
  }

  function paste(event: ClipboardEvent) {
    const pasted = pastedCredentials(event.clipboardData.getData('text'));
    if (!pasted) return;
    event.preventDefault();
    setTyped(pasted);
  }

  const input = (member: keyof typeof EMPTY) => ({
    value: typed[member],
    onChange: ({ detail }: { detail: { value: string } }) => setTyped({ ...typed, [member]: detail.value }),
  });
  const errorOf = (value: string) => (missing && !value ? shell.required : undefined);
  return (
    <form onSubmit={submit} onPaste={paste}>
      <Form
        actions={
          <Button variant={config.oidc ? 'normal' : 'primary'} loading={busy}>
            {words.submit}
          </Button>
        }
      >
        <SpaceBetween size="l">
          <FormField label={words.accessKeyId} errorText={errorOf(typed.accessKeyId)}>
            <Input {...input('accessKeyId')} autoComplete="username" autoFocus={!config.oidc} />
          </FormField>
          <FormField
            label={words.secretAccessKey}
            description={words.secretHelp}
            errorText={errorOf(typed.secretAccessKey)}
          >
            <Input {...input('secretAccessKey')} type="password" autoComplete="current-password" />
          </FormField>
          <FormField
            label={
              <>
                {words.sessionToken} - <i>{shell.optional}</i>
              </>
            }
            description={words.tokenHelp}
          >
            <Input {...input('sessionToken')} type="password" autoComplete="off" />
          </FormField>
          <Box color="text-body-secondary">{config.hasSignInLinks ? words.help : words.helpOnAws}</Box>
        </SpaceBetween>
      </Form>
    </form>
  );
}
