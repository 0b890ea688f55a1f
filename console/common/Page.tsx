import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useEffect } from 'react';
import { shell } from '../strings/shell.ts';
import { useFollow } from './links.tsx';

interface Props {
  title: string;
  /** Pages above this one: address below /console and name. */
  above?: readonly (readonly [to: string, text: string])[];
  description?: ReactNode;
  actions?: ReactNode;
  /** Of a page whose table has the title. */
  plain?: boolean;
  children: ReactNode;
}

/** A page: its title in the window's and the heading, where it is, and its contents. */
export function Page({ title, above = [], description, actions, plain = false, children }: Props) {
  const follow = useFollow();
  useEffect(() => {
    document.title = `${title} - ${shell.product}`;
  }, [title]);
  const items = [...above, ['', title] as const].map(([to, text]) => ({ href: `/console${to}`, text }));
  const trail = above.length > 0 && (
    <BreadcrumbGroup items={items} onFollow={follow} ariaLabel={shell.breadcrumbs} />
  );
  return (
    <SpaceBetween size="m">
      {trail}
      {plain ? (
        children
      ) : (
        <ContentLayout
          header={
            <Header variant="h1" description={description} actions={actions}>
              {title}
            </Header>
          }
        >
          <SpaceBetween size="l">{children}</SpaceBetween>
        </ContentLayout>
      )}
    </SpaceBetween>
  );
}
