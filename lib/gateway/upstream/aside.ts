import type { Aside } from './answer.ts';
import type { UpstreamCall } from './types.ts';

/** Hands on what a server tells while it works on request `id`, and nothing of other requests. */
export function asideOf(call: UpstreamCall, id: number): Pick<Aside, 'notified'> {
  return {
    notified(method, params) {
      if (method === 'notifications/tools/list_changed') call.onToolsChanged();
      if (method === 'notifications/message') call.onLog(params);
      if (method !== 'notifications/progress' || params.progressToken !== id || !call.wantsProgress) return;
      const { progressToken: _, ...progress } = params;
      call.onProgress(progress);
    },
  };
}
