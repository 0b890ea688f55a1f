import { useMutation } from '@tanstack/react-query';
import type { EventFilter, TrailEvent } from '../api/types.ts';
import { messageOf } from '../common/ErrorAlert.tsx';
import { saveFile } from '../common/saveFile.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { audit as words } from '../strings/audit.ts';
import { eventsAsCsv, eventsAsJson } from './exportEvents.ts';

/** Events of one file: forty requests, each a read in the trail. */
const MAX_EVENTS = 2_000;

const FORMATS = {
  csv: ['events.csv', 'text/csv', eventsAsCsv],
  json: ['events.json', 'application/json', eventsAsJson],
} as const;

export type ExportFormat = keyof typeof FORMATS;

/** Saves every event that matches, whether or not the table shows it by now; says so where there are too many. */
export function useExport(filter: EventFilter) {
  const { client } = useSigned();
  const notify = useNotify();
  const { mutate, isPending } = useMutation({
    mutationFn: async (format: ExportFormat) => {
      const events: TrailEvent[] = [];
      let token: string | undefined;
      do {
        const page = await client.lookupEvents({
          ...filter,
          MaxResults: 50,
          ...(token && { NextToken: token }),
        });
        events.push(...page.Events);
        token = page.NextToken;
      } while (token && events.length < MAX_EVENTS);
      const [name, type, write] = FORMATS[format];
      saveFile(name, type, write(events));
      return token !== undefined;
    },
    onSuccess: isCut => isCut && notify({ type: 'warning', content: words.exportCut(MAX_EVENTS) }),
    onError: error => notify({ type: 'error', content: messageOf(error) }),
  });
  return { save: mutate, saving: isPending };
}
