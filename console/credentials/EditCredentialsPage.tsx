import { useParams } from 'react-router';
import { factsOf } from '../api/serverFacts.ts';
import { useService } from '../api/services.ts';
import type { RegisteredService } from '../api/types.ts';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { edit as words } from '../strings/register.ts';
import { servers } from '../strings/servers.ts';
import { EditCredentialsForm } from './EditCredentialsForm.tsx';
import { type Credentials, type MethodId, NO_CREDENTIALS } from './fields.ts';

/** Replaces the credential of a server; a consent returns here, too. */
export default function EditCredentialsPage() {
  const { serviceId = '' } = useParams();
  const { data, error, refetch } = useService(serviceId);
  const name = data?.service.name ?? serviceId;
  const above = [
    ['/servers', servers.title],
    [`/servers/${serviceId}`, name],
  ] as const;
  return (
    <Page title={words.title(name)} above={above} description={words.help}>
      {error ? (
        <ErrorAlert error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <EditCredentialsForm
          service={data.service}
          method={methodOf(data.service)}
          known={knownOf(data.service)}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

const METHODS = {
  'oauth-client-credentials': 'oAuthClientCredentials',
  'oauth-3lo': 'oAuth3LO',
  'api-key': 'apiKey',
  'bearer-token': 'bearerToken',
  sigv4: 'sigv4',
} as const;

function methodOf(service: RegisteredService): MethodId {
  return METHODS[factsOf(service).method];
}

/** What may be shown of the credential that is replaced. */
function knownOf({
  additionalServiceDetails: { mcpserver, mcpserversigv4 } = {},
}: RegisteredService): Credentials {
  const names = Object.keys(mcpserversigv4?.customHeaders ?? {});
  return {
    ...NO_CREDENTIALS,
    keyHeader: mcpserver?.apiKeyHeader ?? NO_CREDENTIALS.keyHeader,
    keyPrefix: mcpserver?.apiKeyPrefix ?? '',
    scopes: mcpserver?.grantedScopes?.filter(scope => scope !== 'offline_access').join('\n') ?? '',
    region: mcpserversigv4?.region ?? '',
    service: mcpserversigv4?.service ?? '',
    roleArn: mcpserversigv4?.mcpRoleArn ?? mcpserversigv4?.roleArn ?? '',
    // Their values are write-only.
    customHeaders: names.map(name => ({ name, value: '' })),
  };
}
