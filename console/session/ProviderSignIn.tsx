import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ConsoleConfig, OidcConfig } from '../api/config.ts';
import { federation as words } from '../strings/federation.ts';

interface Props {
  config: ConsoleConfig;
  oidc: OidcConfig;
  /** Told why the provider cannot be asked. */
  onProblem: (problem: string) => void;
}

/** Sends people to their provider, from where they come back to the page that they wanted. */
export function ProviderSignIn({ config, oidc, onProblem }: Props) {
  const [busy, setBusy] = useState(false);

  async function start() {
    setBusy(true);
    try {
      const { startSignIn } = await import('../federation/signIn.ts');
      await startSignIn(config, oidc, location.pathname + location.search);
    } catch (error) {
      onProblem((error as Error).message);
      setBusy(false);
    }
  }

  return (
    <SpaceBetween size="s">
      <Button variant="primary" loading={busy} onClick={start}>
        {words.submit}
      </Button>
      <Box color="text-body-secondary">{words.help(new URL(oidc.issuer).host)}</Box>
    </SpaceBetween>
  );
}
