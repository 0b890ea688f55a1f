import Box from '@cloudscape-design/components/box';
import { PageLink } from '../common/links.tsx';
import { Page } from '../common/Page.tsx';
import { shell } from '../strings/shell.ts';

export function NotFoundPage() {
  return (
    <Page title={shell.notFound}>
      <Box>{shell.notFoundHelp}</Box>
      <PageLink to="/servers">{shell.backToServers}</PageLink>
    </Page>
  );
}
