import '@cloudscape-design/global-styles/index.css';
import './console.css';
import Alert from '@cloudscape-design/components/alert';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './App.tsx';
import { CALLBACK, type ConsoleConfig, loadConfig } from './api/config.ts';
import { exchangeCode, storeSession, takeCode } from './api/session.ts';
import { Loading } from './common/Loading.tsx';
import { SessionProvider } from './session/SessionProvider.tsx';
import { followTheme } from './shell/theme.ts';
import { signIn } from './strings/shell.ts';

followTheme();
const root = createRoot(document.getElementById('root') as HTMLElement);

/** Consents come back to the public address, and a session does not cross origins. */
function isElsewhere({ publicBaseUrl }: ConsoleConfig): boolean {
  return new URL(publicBaseUrl).origin !== location.origin;
}

async function signInByLink(): Promise<string | undefined> {
  const code = takeCode();
  if (!code) return undefined;
  try {
    storeSession(await exchangeCode(code));
    return undefined;
  } catch (error) {
    storeSession(undefined);
    return `${signIn.linkFailed}: ${(error as Error).message}`;
  }
}

/** Ends a sign-in with a provider, where the browser comes back from one. */
async function signInByProvider(config: ConsoleConfig): Promise<string | undefined> {
  const { oidc } = config;
  if (!oidc || location.pathname !== CALLBACK) return undefined;
  const answer = new URL(location.href);
  // The code is worth something until it is used; it shall not stay in the history.
  history.replaceState(null, '', '/console/');
  show(<Loading />);
  const { finishSignIn } = await import('./federation/signIn.ts');
  const { session, problem, returnTo } = await finishSignIn(config, oidc, answer);
  if (session) storeSession(session);
  history.replaceState(null, '', returnTo);
  return problem;
}

function show(children: ReactNode): void {
  root.render(
    <StrictMode>
      <I18nProvider locale="en" messages={[messages]}>
        {children}
      </I18nProvider>
    </StrictMode>,
  );
}

async function start(): Promise<void> {
  const config = await loadConfig();
  if (isElsewhere(config)) {
    const { pathname, search, hash } = location;
    return location.replace(config.publicBaseUrl + pathname + search + hash);
  }
  const notice = (await signInByLink()) ?? (await signInByProvider(config));
  show(
    <BrowserRouter basename="/console">
      <SessionProvider config={config} notice={notice}>
        <App />
      </SessionProvider>
    </BrowserRouter>,
  );
}

start().catch((error: Error) =>
  show(
    <main className="sign-in">
      <Alert type="error" header={signIn.unavailable}>
        {error.message}
      </Alert>
    </main>,
  ),
);
