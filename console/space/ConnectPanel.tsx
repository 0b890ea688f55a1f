import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { CopyBlock } from '../common/CopyBlock.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { connect as words } from '../strings/spaces.ts';
import { configurations } from './configurations.ts';

/** Where agents reach a space. */
export function useEndpoint(agentSpaceId: string): string {
  const { config } = useSigned();
  return `${config.agentsUrl}/v1/agentspaces/${agentSpaceId}/mcp`;
}

/** Configuration for the usual agents, ready to paste. */
export function ConnectPanel({ agentSpaceId }: { agentSpaceId: string }) {
  const endpoint = useEndpoint(agentSpaceId);
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={words.help}>
            {words.endpoint}
          </Header>
        }
      >
        <CopyBlock text={endpoint} label={words.endpoint} />
      </Container>
      {configurations(endpoint).map(({ client, help, text }) => (
        <Container
          key={client}
          header={
            <Header variant="h2" description={help}>
              {client}
            </Header>
          }
        >
          <CopyBlock text={text} label={words.configuration(client)} />
        </Container>
      ))}
    </SpaceBetween>
  );
}
