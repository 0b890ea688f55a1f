import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useService, useUses } from '../api/services.ts';
import { ConfirmModal } from '../common/ConfirmModal.tsx';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { remove as words } from '../strings/remove.ts';
import { servers } from '../strings/servers.ts';
import { BlockingSpaces } from './BlockingSpaces.tsx';

/** Deletes a registration, once no space uses it. */
export default function RemoveServerPage() {
  const { serviceId = '' } = useParams();
  const { client } = useSigned();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const service = useService(serviceId);
  const uses = useUses(serviceId);
  const name = service.data?.service.name ?? serviceId;
  const above = [
    ['/servers', servers.title],
    [`/servers/${serviceId}`, name],
  ] as const;
  function deleted(): void {
    notify({ type: 'success', content: words.deleted(name) });
    void navigate('/servers', { replace: true });
    void queries.invalidateQueries({ queryKey: ['services'] });
  }
  const error = service.error ?? uses.error;
  const loading = uses.loading || uses.more === true;
  const isFree = !loading && uses.items.length === 0;
  return (
    <Page title={words.title(name)} above={above} description={words.help}>
      {error ? <ErrorAlert error={error} onRetry={uses.retry} /> : loading && <Loading />}
      {!error && !loading && !isFree && (
        <BlockingSpaces serviceId={serviceId} name={name} uses={uses.items} />
      )}
      {!error && isFree && (
        <>
          <Alert type="info">{words.free}</Alert>
          <Button variant="primary" onClick={() => setAsking(true)}>
            {words.submit}
          </Button>
        </>
      )}
      {asking && (
        <ConfirmModal
          title={`${words.title(name)}?`}
          help={words.help}
          confirmText={words.submit}
          word={name}
          act={() => client.deregisterService({ serviceId })}
          onDone={deleted}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  );
}
