import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ConsoleConfig } from '../api/config.ts';
import type { Session } from '../api/session.ts';
import { federation } from '../strings/federation.ts';
import { signIn as words } from '../strings/shell.ts';
import { CredentialsForm } from './CredentialsForm.tsx';
import { ProviderSignIn } from './ProviderSignIn.tsx';

interface Props {
  config: ConsoleConfig;
  notice: string | undefined;
  onSignedIn: (session: Session) => void;
}

/** Signs in with a provider, where there is one, or with credentials. */
export function SignInPage({ config, notice, onSignedIn }: Props) {
  const [problem, setProblem] = useState(notice);
  const form = <CredentialsForm config={config} onSignedIn={onSignedIn} onProblem={setProblem} />;
  return (
    <main className="sign-in">
      <Container header={<Header variant="h1">{words.title}</Header>}>
        <SpaceBetween size="l">
          {problem && <Alert type="error">{problem}</Alert>}
          {config.oidc ? (
            <>
              <ProviderSignIn config={config} oidc={config.oidc} onProblem={setProblem} />
              <ExpandableSection headerText={federation.otherwise}>{form}</ExpandableSection>
            </>
          ) : (
            form
          )}
        </SpaceBetween>
      </Container>
    </main>
  );
}
