import type { Deps } from '../lib/context.ts';
import type { ConsoleOptions } from './http/console.ts';
import { loadConsole } from './http/consoleFiles.ts';
import { isLoopback } from './http/settings.ts';
import type { AccessKey } from './identity/accessKey.ts';
import { createSignIn } from './identity/signIn.ts';
import { removeSignInLink, type SignInLink, writeSignInLink } from './identity/signInLink.ts';
import { recordSignIn } from './recordSignIn.ts';

export interface EmbeddedConsoleOptions {
  /** Where the built console is; without it there is none. */
  consoleDir: string | undefined;
  dataDir: string;
  accountId: string;
  /** Told of codes that are no good; must not write. */
  onRefused: () => void;
}

/** The console of a server, and who signed in to it with the link. */
export interface EmbeddedConsole {
  /** For the server; nothing where the console was not built. */
  options?: ConsoleOptions;
  /** The access key of a session. */
  find(accessKeyId: string): AccessKey | undefined;
  /** Writes the sign-in link, where the server's address is this machine's. */
  writeLink(baseUrl: string): SignInLink | undefined;
  removeLink(): void;
}

export function embeddedConsole(
  { consoleDir, dataDir, accountId, onRefused }: EmbeddedConsoleOptions,
  deps: Deps,
): EmbeddedConsole {
  const files = consoleDir ? loadConsole(consoleDir) : undefined;
  const removeLink = () => removeSignInLink(dataDir);
  const signIn = createSignIn({ accountId, now: deps.now, onUsed: removeLink });
  const { region, quotas } = deps.config;
  const config = { region, accountId, toolsPerSpace: quotas.toolsPerSpace };
  const onSignedIn: ConsoleOptions['onSignedIn'] = async (accessKeyId, call) => {
    const key = signIn.find(accessKeyId);
    if (key) await recordSignIn(key, call, deps);
  };
  return {
    ...(files && { options: { files, config, signIn, onSignedIn, onRefused } }),
    find: signIn.find,
    writeLink(baseUrl) {
      const isLocal = isLoopback(new URL(baseUrl).hostname.replace(/^\[|\]$/g, ''));
      return files && isLocal ? writeSignInLink(baseUrl, signIn.code, dataDir) : undefined;
    },
    removeLink,
  };
}
