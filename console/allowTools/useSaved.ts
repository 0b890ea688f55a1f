import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { ValidationWarning } from '../api/types.ts';
import { useNotify } from '../shell/Notifications.tsx';
import { validation } from '../strings/servers.ts';

/** What follows when the tools of a server are saved: it is told, with what to look out for, and the space is shown. */
export function useSaved(agentSpaceId: string, serviceId: string, text: (name: string) => string) {
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  return (name: string, warnings: readonly ValidationWarning[]): void => {
    notify({ type: 'success', content: text(name) });
    if (warnings.length > 0) {
      const content = warnings
        .map(({ toolName, message }) => (toolName ? `${toolName}: ${message}` : message))
        .join(' ');
      notify({ type: 'warning', header: validation.warnings(warnings.length), content });
    }
    void queries.invalidateQueries({ queryKey: ['space', agentSpaceId] });
    void queries.invalidateQueries({ queryKey: ['service', serviceId, 'use-count'] });
    void navigate(`/spaces/${agentSpaceId}`);
  };
}
