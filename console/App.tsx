import { type ComponentType, lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { NotFoundPage } from './shell/NotFoundPage.tsx';
import { NotificationsProvider } from './shell/Notifications.tsx';
import { Shell } from './shell/Shell.tsx';

/** Each page is a script of its own, loaded when it is first shown. */
const PAGES: Record<string, () => Promise<{ default: ComponentType }>> = {
  '/servers': () => import('./servers/ServersPage.tsx'),
  '/servers/register': () => import('./register/RegisterPage.tsx'),
  '/servers/:serviceId': () => import('./serverDetails/ServerPage.tsx'),
  '/servers/:serviceId/credentials': () => import('./credentials/EditCredentialsPage.tsx'),
  '/servers/:serviceId/delete': () => import('./removeServer/RemoveServerPage.tsx'),
  '/spaces': () => import('./spaces/SpacesPage.tsx'),
  '/spaces/:agentSpaceId': () => import('./space/SpacePage.tsx'),
  '/spaces/:agentSpaceId/add': () => import('./allowTools/AddServerPage.tsx'),
  '/spaces/:agentSpaceId/servers/:associationId': () => import('./allowTools/EditToolsPage.tsx'),
  '/audit': () => import('./audit/AuditPage.tsx'),
  '/audit/:eventId': () => import('./audit/EventPage.tsx'),
  '/activity': () => import('./activity/ActivityPage.tsx'),
};

const pages = Object.entries(PAGES).map(
  ([path, load]) => [path, lazy(() => load().catch(loadAnew))] as const,
);

/** Longer than it takes from loading anew to asking for the same script again. */
const ANEW_MS = 10_000;

/** A tab that is older than the files on the server asks for scripts that are gone: the page itself is asked for again. */
function loadAnew(error: unknown): Promise<never> {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  // A page that has just been loaded anew has another reason.
  if (navigation?.type === 'reload' && performance.now() < ANEW_MS) throw error;
  location.reload();
  return new Promise(() => {});
}

export function App() {
  return (
    <NotificationsProvider>
      <Shell>
        <Routes>
          <Route path="/" element={<Navigate to="/servers" replace />} />
          {pages.map(([path, Show]) => (
            <Route key={path} path={path} element={<Show />} />
          ))}
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Shell>
    </NotificationsProvider>
  );
}
