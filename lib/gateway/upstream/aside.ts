import type { Aside } from './answer.ts';
import type { UpstreamCall } from './types.ts';

/** Hands on what a server tells while it works on request `id`, and nothing of other requests. */
export function asideOf(call: UpstreamCall, id: number): Pick<Aside, 'notified'> {
  return {
    notified(method, params) {
      if (method === 'notifications/tools/list_changed') call.onToolsChanged();
      if (method === 'notifications/message') return call.onLog(params);
      const isOurs = method === 'notifications/progress' && params.progressToken === id;
      if (!isOurs || !call.wantsProgress) return undefined;
      const { progressToken: _, ...progress } = params;
      return call.onProgress(progress);
    },
  };
}
