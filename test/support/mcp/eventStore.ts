import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

/** Keeps the events of one session in the order in which they came, so that its streams can be resumed. */
export function createEventStore(): EventStore {
  const events: { streamId: string; message: JSONRPCMessage }[] = [];
  return {
    async storeEvent(streamId, message) {
      return String(events.push({ streamId, message }) - 1);
    },
    async replayEventsAfter(lastEventId, { send }) {
      const streamId = events[Number(lastEventId)]?.streamId ?? '';
      for (const [index, event] of events.entries()) {
        if (index > Number(lastEventId) && event.streamId === streamId)
          await send(String(index), event.message);
      }
      return streamId;
    },
  };
}
