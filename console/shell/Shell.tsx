import AppLayout from '@cloudscape-design/components/app-layout';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { type ReactNode, Suspense, useState } from 'react';
import { useLocation } from 'react-router';
import { Loading } from '../common/Loading.tsx';
import { useFollow } from '../common/links.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { shell } from '../strings/shell.ts';
import { Notices } from './Notifications.tsx';
import { chooseTheme, currentTheme, type Theme } from './theme.ts';

const PAGES = [
  ['/console/servers', shell.servers],
  ['/console/spaces', shell.spaces],
  ['/console/audit', shell.eventHistory],
  ['/console/activity', shell.activity],
] as const;

/** Every page is shown within: navigation, notices, and the page itself. */
export function Shell({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const follow = useFollow();
  const [open, setOpen] = useState(true);
  const active = PAGES.find(([href]) => `/console${pathname}`.startsWith(href))?.[0] ?? '';
  return (
    <>
      <div id="top">
        <TopBar />
      </div>
      <AppLayout
        headerSelector="#top"
        toolsHide
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        ariaLabels={{
          navigation: shell.navigation,
          navigationClose: shell.closeNavigation,
          navigationToggle: shell.openNavigation,
          notifications: shell.notifications,
        }}
        navigation={
          <SideNavigation
            header={{ href: '/console/', text: shell.product }}
            activeHref={active}
            onFollow={follow}
            items={PAGES.map(([href, text]) => ({ type: 'link', href, text }))}
          />
        }
        notifications={<Notices />}
        content={<Suspense fallback={<Loading />}>{children}</Suspense>}
      />
    </>
  );
}

function TopBar() {
  const { session, signOut } = useSigned();
  const follow = useFollow();
  const [theme, setTheme] = useState(currentTheme);
  const choose = (id: string) => {
    chooseTheme(id as Theme);
    setTheme(currentTheme());
  };
  return (
    <TopNavigation
      identity={{ href: '/console/', title: shell.product, onFollow: follow }}
      utilities={[
        {
          type: 'menu-dropdown',
          text: shell.theme,
          items: Object.entries(shell.themes).map(([id, text]) => ({
            id,
            text,
            itemType: 'checkbox',
            checked: id === theme,
          })),
          onItemClick: ({ detail }) => choose(detail.id),
        },
        {
          type: 'button',
          iconName: 'user-profile',
          text: session.userName ?? session.accessKeyId,
          disableUtilityCollapse: true,
        },
        { type: 'button', text: shell.signOut, onClick: signOut },
      ]}
    />
  );
}
