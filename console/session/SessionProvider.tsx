import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type SwitchboardClient, SwitchboardError } from '../../client/src/index.ts';
import { clientOf } from '../api/clientOf.ts';
import type { ConsoleConfig } from '../api/config.ts';
import { endSession, type Session, SessionEnded, storedSession, storeSession } from '../api/session.ts';
import { signIn as words } from '../strings/shell.ts';
import { SignInPage } from './SignInPage.tsx';

interface Signed {
  client: SwitchboardClient;
  config: ConsoleConfig;
  session: Session;
  signOut(): void;
}

const SignedContext = createContext<Signed | undefined>(undefined);

/** The client of whoever is signed in. */
export function useSigned(): Signed {
  const signed = useContext(SignedContext);
  if (!signed) throw new Error('Nobody is signed in');
  return signed;
}

/** Errors that say that the key does not work any more. */
const ENDED: readonly string[] = ['UnrecognizedClientException', 'InvalidSignatureException'];

function queryClient(onEnded: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: error => {
        const isRefused = error instanceof SwitchboardError && ENDED.includes(error.name);
        if (isRefused || error instanceof SessionEnded) onEnded();
      },
    }),
    // The client of the API repeats what may be repeated.
    defaultOptions: { queries: { retry: false, staleTime: 5000, refetchOnWindowFocus: false } },
  });
}

/** Ends what a session is beyond this tab. */
async function endElsewhere(config: ConsoleConfig, session: Session): Promise<void> {
  if (config.hasSignInLinks) await endSession(session);
  if (!config.oidc || !session.federation) return;
  const { leaveProvider } = await import('../federation/signIn.ts');
  await leaveProvider(config, config.oidc, session.federation);
}

/** Shows its children to those who signed in, and the sign-in page to others. */
export function SessionProvider(props: {
  config: ConsoleConfig;
  notice: string | undefined;
  children: ReactNode;
}) {
  const { config, children } = props;
  const [session, setSession] = useState(storedSession);
  const [notice, setNotice] = useState(props.notice);

  useEffect(() => storeSession(session), [session]);

  const signed = useMemo(() => {
    if (!session) return undefined;
    const leave = (reason: string | undefined) => {
      storeSession(undefined);
      setSession(undefined);
      setNotice(reason);
    };
    return {
      queries: queryClient(() => leave(words.ended)),
      value: {
        client: clientOf(config, session),
        config,
        session,
        signOut: () => {
          void endElsewhere(config, storedSession() ?? session);
          leave(undefined);
        },
      },
    };
  }, [config, session]);

  if (!signed) return <SignInPage config={config} notice={notice} onSignedIn={setSession} />;
  return (
    <QueryClientProvider client={signed.queries}>
      <SignedContext value={signed.value}>{children}</SignedContext>
    </QueryClientProvider>
  );
}
