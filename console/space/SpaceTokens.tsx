import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccessTokens } from '../api/spaces.ts';
import type { AccessToken } from '../api/types.ts';
import { ConfirmModal } from '../common/ConfirmModal.tsx';
import { EntityTable } from '../common/EntityTable.tsx';
import { dateTime } from '../common/format.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { shell } from '../strings/shell.ts';
import { tokens as words } from '../strings/spaces.ts';
import { CreateToken } from './CreateToken.tsx';
import { type IssuedToken, TokenValue } from './TokenValue.tsx';

type Open = { kind: 'create' } | { kind: 'rotate' | 'revoke'; token: AccessToken };

/** The access tokens of a space. A value is shown when it is made, never again. */
export function SpaceTokens({ agentSpaceId }: { agentSpaceId: string }) {
  const { client } = useSigned();
  const notify = useNotify();
  const queries = useQueryClient();
  const listing = useAccessTokens(agentSpaceId);
  const [open, setOpen] = useState<Open>();
  const [issued, setIssued] = useState<IssuedToken>();
  const close = () => setOpen(undefined);
  const reload = () => queries.invalidateQueries({ queryKey: ['space', agentSpaceId, 'tokens'] });
  function done(made?: IssuedToken): void {
    setIssued(made);
    close();
    void reload();
  }
  const token = open && 'token' in open ? open.token : undefined;
  return (
    <>
      <EntityTable
        title={words.title}
        listing={listing}
        keyOf={({ tokenId }) => tokenId}
        empty={words.empty}
        emptyHelp={words.emptyHelp}
        actions={<Button onClick={() => setOpen({ kind: 'create' })}>{words.create}</Button>}
        columns={[
          {
            id: 'name',
            header: words.name,
            cell: ({ name }) => name,
            sortingField: 'name',
            isRowHeader: true,
          },
          { id: 'scope', header: words.scope, cell: ({ scope }) => words.scopes[scope][0] },
          { id: 'client', header: words.client, cell: ({ clientType }) => words.clients[clientType] },
          {
            id: 'status',
            header: words.status,
            cell: ({ status }) => (
              <StatusIndicator type={status === 'active' ? 'success' : 'stopped'}>
                {words.statuses[status]}
              </StatusIndicator>
            ),
          },
          {
            id: 'expires',
            header: words.expires,
            cell: ({ expiresAt }) => dateTime(expiresAt),
            sortingField: 'expiresAt',
          },
          {
            id: 'lastUsed',
            header: words.lastUsed,
            cell: ({ lastUsedAt }) => (lastUsedAt ? dateTime(lastUsedAt) : words.never),
          },
          { id: 'createdBy', header: words.createdBy, cell: ({ createdBy }) => createdBy },
          {
            id: 'actions',
            header: shell.actions,
            cell: one => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  variant="inline-link"
                  ariaLabel={words.rotateOf(one.name)}
                  onClick={() => setOpen({ kind: 'rotate', token: one })}
                >
                  {words.rotate}
                </Button>
                <Button
                  variant="inline-link"
                  ariaLabel={words.revokeOf(one.name)}
                  onClick={() => setOpen({ kind: 'revoke', token: one })}
                >
                  {words.revoke}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {open?.kind === 'create' && (
        <CreateToken agentSpaceId={agentSpaceId} onCreated={done} onClose={close} />
      )}
      {open?.kind === 'rotate' && token && (
        <ConfirmModal
          title={words.rotateTitle(token.name)}
          help={words.rotateHelp}
          confirmText={words.rotate}
          act={async () => done(await client.rotateAccessToken({ agentSpaceId, tokenId: token.tokenId }))}
          onDone={() => {}}
          onClose={close}
        />
      )}
      {open?.kind === 'revoke' && token && (
        <ConfirmModal
          title={words.revokeTitle(token.name)}
          help={words.revokeHelp}
          confirmText={words.revoke}
          act={() => client.revokeAccessToken({ agentSpaceId, tokenId: token.tokenId })}
          onDone={() => {
            notify({ type: 'success', content: words.revoked(token.name) });
            done();
          }}
          onClose={close}
        />
      )}
      {issued && <TokenValue issued={issued} onClose={() => setIssued(undefined)} />}
    </>
  );
}
