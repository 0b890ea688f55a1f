import { browserHandlers } from '../../../local/handlers.ts';
import { createLocalServer, type LocalServer } from '../../../local/http/server.ts';
import { loadHttpSettings } from '../../../local/http/settings.ts';
import { ACCOUNT } from '../app.ts';

/** Serves the routes of browsers, for an app of this process whose PUBLIC_BASE_URL has this port. */
export async function serveBrowserRoutes(port: number): Promise<LocalServer> {
  const server = createLocalServer({
    settings: loadHttpSettings({ PORT: String(port) }),
    region: 'us-east-1',
    accountId: ACCOUNT,
    accessKeys: { find: () => undefined },
    api: { handlers: {} as never, browserHandlers, onDenied: () => {} },
    onUnverified: () => {},
    onError: error => process.stderr.write(`${String(error)}\n`),
    now: Date.now,
  });
  await server.listen();
  return server;
}
