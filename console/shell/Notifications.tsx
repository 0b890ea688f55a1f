import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { shell } from '../strings/shell.ts';

type Notice = Pick<FlashbarProps.MessageDefinition, 'type' | 'header' | 'content'>;

const NotifyContext = createContext<(notice: Notice) => void>(() => {});
const NoticesContext = createContext<FlashbarProps.MessageDefinition[]>([]);

/** Shows a notice above the page until somebody closes it. */
export function useNotify(): (notice: Notice) => void {
  return useContext(NotifyContext);
}

/** As many as fit above a page. */
const MAX_NOTICES = 5;

export function NotificationsProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<FlashbarProps.MessageDefinition[]>([]);
  const notify = useCallback((notice: Notice) => {
    const id = crypto.randomUUID();
    const onDismiss = () => setNotices(shown => shown.filter(other => other.id !== id));
    const item = { ...notice, id, onDismiss, dismissible: true, dismissLabel: shell.close };
    setNotices(shown => [item, ...shown].slice(0, MAX_NOTICES));
  }, []);
  const list = useMemo(() => notices, [notices]);
  return (
    <NotifyContext value={notify}>
      <NoticesContext value={list}>{children}</NoticesContext>
    </NotifyContext>
  );
}

export function Notices() {
  return <Flashbar items={useContext(NoticesContext)} stackItems={false} />;
}
