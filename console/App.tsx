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

const pages = Object.entries(PAGES).map(([path, load]) => [path, lazy(load)] as const);

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
