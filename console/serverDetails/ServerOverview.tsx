import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { factsOf } from '../api/serverFacts.ts';
import type { RegisteredService } from '../api/types.ts';
import { dateTime } from '../common/format.ts';
import { ServerStatuses } from '../servers/ServerStatus.tsx';
import { servers, serverDetails as words } from '../strings/servers.ts';

export function ServerOverview({ service }: { service: RegisteredService }) {
  const { ownName, endpoint, description, method } = factsOf(service);
  const { mcpserver, mcpserversigv4 } = service.additionalServiceDetails ?? {};
  /** Members that only some methods have. */
  const further = {
    [words.header]: mcpserver?.apiKeyHeader,
    [words.prefix]: mcpserver?.apiKeyPrefix,
    [words.scopes]: mcpserver?.grantedScopes?.join(' '),
    [words.region]: mcpserversigv4?.region,
    [words.service]: mcpserversigv4?.service,
    [words.role]: mcpserversigv4?.mcpRoleArn ?? mcpserversigv4?.roleArn,
  };
  const pairs = {
    [servers.status]: <ServerStatuses service={service} />,
    [servers.endpoint]: endpoint,
    [servers.method]: servers.methods[method],
    [servers.lastChecked]: service.lastValidatedAt ? dateTime(service.lastValidatedAt) : servers.never,
    [servers.tools]: service.toolCount ?? '-',
    [words.forAgents]: servers.toolNames(ownName),
    [words.serviceId]: service.serviceId,
    ...(description && { [words.description]: description }),
    ...Object.fromEntries(Object.entries(further).filter(([, value]) => value)),
    [words.created]: dateTime(service.createdAt),
    [words.updated]: dateTime(service.updatedAt),
  };
  return (
    <Container header={<Header variant="h2">{words.overview}</Header>}>
      <KeyValuePairs columns={3} items={Object.entries(pairs).map(([label, value]) => ({ label, value }))} />
    </Container>
  );
}
